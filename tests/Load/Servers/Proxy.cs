using System.Net;
using AiPlatform.Load.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.Load.Servers;

/// <summary>
/// The least that an ASP.NET Core process can do between a client and a provider: one pooled client, the request passed on,
/// the answer passed back. No credential, no account, no record. Every ratio is to this.
/// </summary>
internal static class Proxy
{
    public static Command Command { get; } = new(
        "proxy",
        "a bare pass-through to the upstream",
        [
            new("port", "0", "where it listens on 127.0.0.1; 0 takes a free port"),
            new("to", string.Empty, "the upstream's address, without a path"),
        ],
        RunAsync);

    private static async Task<int> RunAsync(Options options, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(options.Text("to"), UriKind.Absolute, out var upstream))
        {
            throw new UsageException("--to must be the upstream's address.");
        }

        using var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ActivityHeadersPropagator = null };
        using var client = new HttpMessageInvoker(handler);
        await LoopbackServer.RunAsync(
            options.Number("port", 0, 65_535), app => app.Run(http => PassAsync(http, client, upstream)), cancellationToken);
        return 0;
    }

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
}
