using AiPlatform.Application.Identity;

namespace AiPlatform.WebApi.Identity;

/// <summary>What a browser keeps while its person signs in at Google: nobody else's browser can finish that sign-in.</summary>
internal static class GoogleCookie
{
    private const string Name = "google_sign_in";

    // The way back is the one address that has to see it.
    private const string Path = "/auth/google";

    /// <summary>Gives the cookie to a browser; it comes back with the redirect from Google, which is a visit from another site.</summary>
    public static void Set(HttpResponse response, GoogleDeparture departure) =>
        response.Cookies.Append(Name, departure.Ticket, SessionCookie.Options(response, departure.Lifetime, Path));

    /// <summary>What the browser kept.</summary>
    public static string? Read(HttpRequest request) => request.Cookies.TryGetValue(Name, out var ticket) && ticket.Length > 0 ? ticket : null;

    /// <summary>Takes the cookie away.</summary>
    public static void Clear(HttpResponse response) => response.Cookies.Delete(Name, SessionCookie.Options(response, null, Path));
}
