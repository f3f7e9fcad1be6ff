using AiPlatform.Application.Shared;

namespace AiPlatform.WebApi.Shared.Calls;

/// <summary>
/// A token beside the API key of a route: documented in the query, better sent as <c>X-Token</c>, which no proxy logs and no
/// history keeps.
/// </summary>
internal static class TokenParameter
{
    /// <summary>The one token that was sent; two different ones name none.</summary>
    /// <param name="header">The header <c>X-Token</c>.</param>
    /// <param name="query">The query's <c>token</c>.</param>
    public static PresentedCredential Of(string? header, string? query)
    {
        var isInHeader = !string.IsNullOrEmpty(header);
        var isInQuery = !string.IsNullOrEmpty(query);
        return isInHeader && isInQuery && header != query
            ? new PresentedCredential(null, IsAmbiguous: true)
            : new PresentedCredential(isInHeader ? header : isInQuery ? query : null, IsAmbiguous: false);
    }
}
