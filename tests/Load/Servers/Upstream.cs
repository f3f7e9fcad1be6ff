using System.Text;
using AiPlatform.Load.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Load.Servers;

/// <summary>A provider that speaks OpenAI's chat completions and always answers the same, as cheaply as Kestrel can.</summary>
internal static class Upstream
{
    public const string Path = "/v1/chat/completions";

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
        ],
        RunAsync);

    private static async Task<int> RunAsync(Options options, CancellationToken cancellationToken)
    {
        var delay = options.Number("delay", 0, 60_000);
        await LoopbackServer.RunAsync(options.Number("port", 0, 65_535), app => app.Run(delay == 0 ? AnswerAsync : AnswerLaterAsync), cancellationToken);
        return 0;

        async Task AnswerLaterAsync(HttpContext http)
        {
            await Task.Delay(delay, http.RequestAborted);
            await AnswerAsync(http);
        }
    }

    private static Task AnswerAsync(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = Answer.Length;
        return http.Response.Body.WriteAsync(Answer).AsTask();
    }
}

/// <summary>A Kestrel without anything around it, on loopback.</summary>
internal static class LoopbackServer
{
    /// <summary>Serves until the process is asked to end; prints the address as its first line.</summary>
    public static async Task RunAsync(int port, Action<WebApplication> configure, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}");
        builder.WebHost.ConfigureKestrel((KestrelServerOptions kestrel) => kestrel.AddServerHeader = false);
        await using var app = builder.Build();
        configure(app);
        await app.StartAsync(cancellationToken);
        Console.WriteLine($"listening on {app.Urls.Single()}");
        await ((IHost)app).WaitForShutdownAsync(cancellationToken);
    }
}
