using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Load.Crash;

/// <summary>A provider on loopback that never dies and remembers every call that it was asked and answered.</summary>
internal sealed partial class CrashUpstream : IAsyncDisposable
{
    private const int LongestDelay = 30;

    private static readonly byte[] Answer = Encoding.UTF8.GetBytes(
        """{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-4o-mini-2024-07-18","choices":[{"index":0,"message":{"role":"assistant","content":"Yes."},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}""");

    private static readonly byte[] Refusal = Encoding.UTF8.GetBytes("""{"error":{"message":"No.","type":"invalid_request_error","code":null}}""");

    private readonly ConcurrentDictionary<string, CrashCall> _calls;
    private readonly WebApplication _host;
    private readonly int _refusedOneIn;

    private CrashUpstream(WebApplication host, ConcurrentDictionary<string, CrashCall> calls, int refusedOneIn)
    {
        (_host, _calls, _refusedOneIn) = (host, calls, refusedOneIn);
        host.Run(AnswerAsync);
    }

    public Uri Address { get; private set; } = null!;

    /// <summary>Starts it.</summary>
    /// <param name="calls">The calls that the clients make.</param>
    /// <param name="refusedOneIn">One in so many calls is refused (400); 0 refuses none.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    public static async Task<CrashUpstream> StartAsync(
        ConcurrentDictionary<string, CrashCall> calls, int refusedOneIn, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var upstream = new CrashUpstream(builder.Build(), calls, refusedOneIn);
        await upstream._host.StartAsync(cancellationToken);
        upstream.Address = new Uri(upstream._host.Urls.Single());
        return upstream;
    }

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    /// <summary>What becomes of a call follows from its number, so that a seed repeats it.</summary>
    private async Task AnswerAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var marker = Marker().Match(await reader.ReadToEndAsync(http.RequestAborted));
        if (!_calls.TryGetValue(marker.Value, out var call))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var number = int.Parse(marker.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
        call.Asked++;
        call.AskedAt = call.Asked == 1 ? TimeProvider.System.GetUtcNow() : call.AskedAt;
        call.IsRefused = _refusedOneIn > 0 && number % _refusedOneIn == 0;
        await Task.Delay(number * 7919 % LongestDelay, http.RequestAborted);

        http.Response.StatusCode = call.IsRefused ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK;
        http.Response.ContentType = "application/json";
        var body = call.IsRefused ? Refusal : Answer;
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);

        // Handed to the system: from here on the platform may have it, and it has to be paid for.
        call.Answered += call.IsRefused ? 0 : 1;
    }

    [GeneratedRegex(@"call-(\d{7})")]
    private static partial Regex Marker();
}
