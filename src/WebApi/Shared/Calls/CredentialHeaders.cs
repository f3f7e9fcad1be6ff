using AiPlatform.Application.Shared;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace AiPlatform.WebApi.Shared.Calls;

internal static class CredentialHeaders
{
    private const string Bearer = "Bearer ";

    /// <summary>
    /// The one secret in the headers of this kind; a bearer token stands in where none of them was sent. Two different secrets
    /// identify nobody.
    /// </summary>
    public static PresentedCredential Read(IHeaderDictionary headers, params ReadOnlySpan<string> names)
    {
        string? secret = null;
        foreach (var name in names)
        {
            foreach (var value in Values(headers[name]))
            {
                if (secret is not null && secret != value)
                {
                    return new PresentedCredential(null, IsAmbiguous: true);
                }

                secret = value;
            }
        }

        return secret is null ? ReadBearer(headers) : new PresentedCredential(secret, IsAmbiguous: false);
    }

    private static PresentedCredential ReadBearer(IHeaderDictionary headers)
    {
        var values = headers[HeaderNames.Authorization];
        return values is [{ } value] && value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? new PresentedCredential(value[Bearer.Length..].Trim(), IsAmbiguous: false)
            : default;
    }

    private static IEnumerable<string> Values(StringValues values) => values.Where(value => !string.IsNullOrEmpty(value)).OfType<string>();
}
