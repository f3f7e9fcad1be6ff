using System.Diagnostics;
using System.Text;
using AiPlatform.Load.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Load.Servers;

/// <summary>A provider that speaks OpenAI's chat completions and always answers the same, as cheaply as Kestrel can.</summary>
internal static class Upstream
{
    public const string Path = "/v1/chat/completions";

    private const int MaxChunks = 100_000;

    private static readonly byte[] Answer = Encoding.UTF8.GetBytes(
        """
        {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-4o-mini-2024-07-18","choices":[{"index":0,"message":{"role":"assistant","content":"Because blue light is scattered most."},"finish_reason":"stop"}],"usage":{"prompt_tokens":14,"completion_tokens":8,"total_tokens":22}}
        """);

    public static Command Command { get; } = new(
        "upstream",
        "a provider of chat completions that always answers the same",
        [
            new("port", "0", "where it listens on 127.0.0.1; 0 takes a free port"),
            new("delay", "0", "milliseconds until it answers"),
            new("padding", "0", "bytes by which the answer is longer"),
            new("chunks", "0", "answers with a stream of so many chunks; 0 answers in one"),
            new("pause", "1", "milliseconds between two chunks"),
        ],
        RunAsync);

    private static async Task<int> RunAsync(Options options, CancellationToken cancellationToken)
    {
        var delay = options.Number("delay", 0, 60_000);
        var (chunks, pause) = (options.Number("chunks", 0, MaxChunks), options.Number("pause", 0, 60_000));
        var answer = Padded(options.Number("padding", 0, 4 * 1024 * 1024));
        RequestDelegate chosen = chunks > 0 ? http => StreamAsync(http, chunks, pause) : delay == 0 ? AnswerAsync : AnswerLaterAsync;
        await LoopbackServer.RunAsync(options.Number("port", 0, 65_535), app => app.Run(chosen), cancellationToken);
        return 0;

        async Task AnswerLaterAsync(HttpContext http)
        {
            await Task.Delay(delay, http.RequestAborted);
            await AnswerAsync(http);
        }

        async Task AnswerAsync(HttpContext http)
        {
            await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted);
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = answer.Length;
            await http.Response.Body.WriteAsync(answer, http.RequestAborted);
        }
    }

    /// <summary>Each chunk tells when it was sent, so that its reader knows how long it took: the clock is the machine's.</summary>
    private static async Task StreamAsync(HttpContext http, int chunks, int pause)
    {
        await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted);
        http.Response.ContentType = "text/event-stream";
        for (var chunk = 1; chunk <= chunks; chunk++)
        {
            var end = chunk == chunks ? "\"stop\"" : "null";
            await http.Response.WriteAsync(
                $$$"""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-4o-mini-2024-07-18","sent":{{{Stopwatch.GetTimestamp()}}},"choices":[{"index":0,"delta":{"content":" light"},"finish_reason":{{{end}}}}]}""" + "\n\n",
                http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            await Task.Delay(pause, http.RequestAborted);
        }

        await http.Response.WriteAsync("data: [DONE]\n\n", http.RequestAborted);
    }

    private static byte[] Padded(int padding) =>
        padding == 0 ? Answer : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Answer).Replace("most.", $"most.{new string('.', padding)}", StringComparison.Ordinal));
}

/// <summary>A Kestrel without anything around it, on loopback.</summary>
internal static class LoopbackServer
{
    /// <summary>Serves until the process is asked to end; prints the address as its first line.</summary>
    public static Task RunAsync(int port, Action<WebApplication> configure, CancellationToken cancellationToken) =>
        RunAsync(port, _ => { }, configure, cancellationToken);

    /// <summary>The same, with services.</summary>
    public static async Task RunAsync(
        int port, Action<IServiceCollection> register, Action<WebApplication> configure, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}");
        builder.WebHost.ConfigureKestrel((KestrelServerOptions kestrel) => kestrel.AddServerHeader = false);
        register(builder.Services);
        await using var app = builder.Build();
        configure(app);
        await app.StartAsync(cancellationToken);
        Console.WriteLine($"listening on {app.Urls.Single()}");
        await ((IHost)app).WaitForShutdownAsync(cancellationToken);
    }
}
