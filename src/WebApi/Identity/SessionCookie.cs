using AiPlatform.WebApi.Shared.Calls;

namespace AiPlatform.WebApi.Identity;

/// <summary>The cookie that keeps a browser signed in.</summary>
internal static class SessionCookie
{
    private const string Path = "/";

    /// <summary>Gives the cookie to a browser; no script of the page can read it, and no other site's form sends it.</summary>
    public static void Set(HttpResponse response, string token, int lifetimeSeconds) => response.Cookies.Append(
        CredentialHeaders.Cookie, token, Options(response, TimeSpan.FromSeconds(lifetimeSeconds), Path));

    /// <summary>Takes the cookie away.</summary>
    public static void Clear(HttpResponse response) => response.Cookies.Delete(CredentialHeaders.Cookie, Options(response, null, Path));

    /// <summary>How cookies of sign-ins are kept.</summary>
    internal static CookieOptions Options(HttpResponse response, TimeSpan? lifetime, string path)
    {
        var environment = response.HttpContext.RequestServices.GetRequiredService<IWebHostEnvironment>();
        return new CookieOptions
        {
            HttpOnly = true,
            IsEssential = true,
            MaxAge = lifetime,
            Path = path,
            SameSite = SameSiteMode.Lax,
            Secure = environment.IsProduction() || response.HttpContext.Request.IsHttps,
        };
    }
}
