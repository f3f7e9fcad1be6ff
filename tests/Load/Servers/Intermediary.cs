using AiPlatform.Load.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Load.Servers;

/// <summary>What stands between a client and the upstream: a server on loopback with one pooled client, as a command.</summary>
internal static class Intermediary
{
    /// <summary>A command that serves until it is asked to end.</summary>
    /// <param name="name">What it is called, as a command and as a target.</param>
    /// <param name="summary">What it does.</param>
    /// <param name="register">Adds its services, which ask the upstream at an address through a client.</param>
    /// <param name="configure">Says what it does with a request.</param>
    public static Command Command(
        string name, string summary, Action<IServiceCollection, HttpMessageInvoker, Uri> register, Action<WebApplication> configure) => new(
        name,
        summary,
        [
            new("port", "0", "where it listens on 127.0.0.1; 0 takes a free port"),
            new("to", string.Empty, "the upstream's address, without a path"),
        ],
        (options, cancellationToken) => RunAsync(options, register, configure, cancellationToken));

    private static async Task<int> RunAsync(
        Options options, Action<IServiceCollection, HttpMessageInvoker, Uri> register, Action<WebApplication> configure, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(options.Text("to"), UriKind.Absolute, out var upstream))
        {
            throw new UsageException("--to must be the upstream's address.");
        }

        using var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ActivityHeadersPropagator = null };
        using var client = new HttpMessageInvoker(handler);
        await LoopbackServer.RunAsync(options.Number("port", 0, 65_535), services => register(services, client, upstream), configure, cancellationToken);
        return 0;
    }
}
