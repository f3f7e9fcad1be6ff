using AiPlatform.Application.Shared;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace AiPlatform.WebApi.Shared.Calls;

internal static class CredentialHeaders
{
    /// <summary>The cookie of a session.</summary>
    public const string Cookie = "access_token";

    private const string Bearer = "Bearer ";

    /// <summary>Where keys are sent.</summary>
    public static readonly string[] Keys = ["API-Key", "X-API-Key"];

    /// <summary>Where tokens are sent.</summary>
    public static readonly string[] Tokens = ["X-Token"];

    /// <summary>
    /// The one secret in the headers that the request documents; where none was sent, a bearer token, then the other headers,
    /// then the cookie of a session. Two different secrets in one place identify nobody.
    /// </summary>
    public static PresentedCredential Read(HttpRequest request, string[] own, string[] others)
    {
        if (Read(request.Headers, own) is { IsMissing: false } presented)
        {
            return presented;
        }

        if (ReadBearer(request.Headers) is { IsMissing: false } bearer)
        {
            return bearer;
        }

        return Read(request.Headers, others) is { IsMissing: false } other ? other : ReadCookie(request);
    }

    /// <summary>Whether an <c>Authorization</c> header was sent, and none of a bearer (RFC 6750, section 2.1).</summary>
    public static bool LacksBearer(HttpRequest request) =>
        request.Headers.Authorization is { Count: > 0 } values
        && !values.Any(value => value?.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) is true);

    private static PresentedCredential Read(IHeaderDictionary headers, string[] names)
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

        return new PresentedCredential(secret, IsAmbiguous: false);
    }

    private static PresentedCredential ReadBearer(IHeaderDictionary headers)
    {
        var values = headers[HeaderNames.Authorization];
        return values is [{ } value] && value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? new PresentedCredential(value[Bearer.Length..].Trim(), IsAmbiguous: false)
            : default;
    }

    private static PresentedCredential ReadCookie(HttpRequest request) =>
        request.Cookies.TryGetValue(Cookie, out var token) && token.Length > 0
            ? new PresentedCredential(token, IsAmbiguous: false) { IsForeign = !IsOwnPage(request) }
            : default;

    /// <summary>
    /// Whether a request with a cookie may have been meant by the person: reading always, and changing where no browser says that
    /// another site asks for it. A client that is no browser says nothing.
    /// </summary>
    private static bool IsOwnPage(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        {
            return true;
        }

        return request.Headers.Origin is [{ Length: > 0 } origin]
            ? Uri.TryCreate(origin, UriKind.Absolute, out var page) && page.Authority == request.Host.Value
            : request.Headers["Sec-Fetch-Site"] is not [{ } site] || site is "same-origin" or "none";
    }

    private static IEnumerable<string> Values(StringValues values) => values.Where(value => !string.IsNullOrEmpty(value)).OfType<string>();
}
