using System.Net;
using AiPlatform.Load.CommandLine;
using AiPlatform.Load.Measuring;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Load.Servers;

/// <summary>
/// The least that an ASP.NET Core process can do between a client and a provider: one pooled client, the request passed on,
/// the answer passed back. No credential, no account, no record. Every ratio is to this.
/// </summary>
internal static class Proxy
{
    public static Command Command { get; } = Intermediary.Command(
        Target.Proxy,
        "a bare pass-through to the upstream",
        (services, client, upstream) => services.AddSingleton(new ProxyUpstream(client, upstream)),
        app =>
        {
            var (client, upstream) = app.Services.GetRequiredService<ProxyUpstream>();
            app.Run(http => PassAsync(http, client, upstream));
        });

    private static async Task PassAsync(HttpContext http, HttpMessageInvoker client, Uri upstream)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(http.Request.Method), new Uri(upstream, http.Request.Path.Value));
        request.Version = HttpVersion.Version11;
        request.Content = new StreamContent(http.Request.Body);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", http.Request.ContentType);
        request.Content.Headers.ContentLength = http.Request.ContentLength;

        using var response = await client.SendAsync(request, http.RequestAborted);
        http.Response.StatusCode = (int)response.StatusCode;
        http.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        http.Response.ContentLength = response.Content.Headers.ContentLength;
        await response.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
    }

    private sealed record ProxyUpstream(HttpMessageInvoker Client, Uri Address);
}
