using System.Globalization;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Shared;
using Microsoft.Net.Http.Headers;

namespace AiPlatform.WebApi.Shared.Errors;

/// <summary>The one place that answers errors, in the shape and the words of the route that was called.</summary>
internal sealed class ErrorWriter(ApiPrefixes prefixes)
{
    /// <summary>Answers an error.</summary>
    public Task WriteAsync(HttpContext http, Error error)
    {
        var route = new RouteErrors(http.GetEndpoint()?.Metadata ?? [], prefixes.ShapeOf(http.Request.Path));
        http.Response.StatusCode = (int)error.Kind;
        http.Response.Headers.CacheControl = "no-store";
        SetRetryAfter(http, error.RetryAfter);
        if (error.Kind is ErrorKind.Unauthenticated)
        {
            // RFC 9110, section 11.6.1: whoever answers 401 says how to identify oneself.
            http.Response.Headers.WWWAuthenticate = "Bearer";
        }

        if (error.RateLimit is { } reached)
        {
            CallHeaders.SetRate(http.Response, reached, 0);
        }

        // Without a token of its own it is silent where the caller has left: that is no failure, and the call is yet to be recorded.
        return http.Response.WriteAsJsonAsync(route.Render(error, http.Request), CancellationToken.None);
    }

    /// <summary>Answers with a provider's own refusal.</summary>
    public static async Task PassOnAsync(HttpContext http, PassedOnException refusal)
    {
        http.Response.StatusCode = refusal.Status;
        http.Response.Headers[CallHeaders.Provider] = refusal.Provider;
        http.Response.Headers.CacheControl = "no-store";
        SetRetryAfter(http, refusal.RetryAfter);
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = refusal.Json.Length;
        await http.Response.Body.WriteAsync(refusal.Json, CancellationToken.None);
    }

    /// <summary>The refusal that stands for a failure of the platform itself.</summary>
    public static Error Unexpected(HttpContext http) => new RouteErrors(http.GetEndpoint()?.Metadata ?? []).Unexpected;

    /// <summary>The refusal that stands for a status that routing answered without a body; <see langword="null"/> for a success.</summary>
    public static Error? OfStatus(int status) => status switch
    {
        StatusCodes.Status404NotFound => new Error("route_not_found", ErrorKind.NotFound, "Not Found"),
        StatusCodes.Status405MethodNotAllowed => new Error("method_not_allowed", ErrorKind.MethodNotAllowed, "Method Not Allowed"),
        StatusCodes.Status408RequestTimeout => RequestErrors.BodyTooSlow,
        StatusCodes.Status413PayloadTooLarge => RequestErrors.BodyTooLarge,
        StatusCodes.Status415UnsupportedMediaType =>
            new Error("unsupported_media_type", ErrorKind.UnsupportedMediaType, "Unsupported Media Type"),
        >= 400 and < 500 => RequestErrors.Invalid("The request could not be read"),
        _ => null,
    };

    private static void SetRetryAfter(HttpContext http, TimeSpan? wait)
    {
        if (wait is { TotalSeconds: var seconds })
        {
            http.Response.Headers[HeaderNames.RetryAfter] = Math.Ceiling(seconds).ToString(CultureInfo.InvariantCulture);
        }
    }
}
