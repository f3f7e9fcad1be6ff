using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AiPlatform.WebApi.FunctionalTests.Support;

/// <summary>A request as it reached the upstream.</summary>
public sealed record UpstreamRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    public string Text { get; } = Encoding.UTF8.GetString(Body);
}

/// <summary>What the upstream does with a request.</summary>
public delegate Task UpstreamBehavior(HttpContext http, UpstreamRequest request);

/// <summary>
/// A real HTTP server on loopback that speaks OpenAI's API, records what it is asked, and misbehaves on demand. It answers at
/// any base path, so that it stands for every kind of provider. Tests that share one tell their requests apart by a marker in
/// the body.
/// </summary>
public sealed class LoopbackUpstream : IAsyncDisposable
{
    private readonly WebApplication _host;
    private readonly ConcurrentQueue<UpstreamRequest> _requests = new();
    private readonly ConcurrentQueue<UpstreamBehavior> _next = new();
    private readonly ConcurrentDictionary<string, UpstreamBehavior> _marked = new();
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LoopbackUpstream(WebApplication host)
    {
        _host = host;
        host.Run(AnswerAsync);
    }

    /// <summary>What it does with requests for which nothing else was scheduled.</summary>
    public UpstreamBehavior Behavior { get; set; } = Upstream.Ok();

    public Uri Address { get; private set; } = null!;

    /// <summary>The base address of an OpenAI-compatible provider.</summary>
    public string Endpoint => new Uri(Address, "v1").AbsoluteUri;

    /// <summary>Everything it was asked, in order.</summary>
    public IReadOnlyList<UpstreamRequest> Requests => [.. _requests];

    /// <summary>Ends when the first request has arrived.</summary>
    public Task Asked => _asked.Task.WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Ends when a client has left before its answer was whole.</summary>
    public Task ClientLeft => _left.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public static async Task<LoopbackUpstream> StartAsync(UpstreamBehavior? behavior = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var upstream = new LoopbackUpstream(builder.Build()) { Behavior = behavior ?? Upstream.Ok() };
        await upstream._host.StartAsync();
        upstream.Address = new Uri(upstream._host.Urls.Single());
        return upstream;
    }

    /// <summary>Schedules what it does with the next requests, one each.</summary>
    public void Next(params UpstreamBehavior[] behaviors) => Array.ForEach(behaviors, _next.Enqueue);

    /// <summary>Says what it does with every request whose body contains a marker.</summary>
    public void When(string marker, UpstreamBehavior behavior) => _marked[marker] = behavior;

    /// <summary>The requests whose body contains a marker.</summary>
    public IReadOnlyList<UpstreamRequest> RequestsWith(string marker) =>
        [.. _requests.Where(request => request.Text.Contains(marker, StringComparison.Ordinal))];

    public async ValueTask DisposeAsync()
    {
        using var impatient = new CancellationTokenSource(TimeSpan.Zero);
        await _host.StopAsync(impatient.Token);
        await _host.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        http.RequestAborted.Register(() => _left.TrySetResult());
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var headers = http.Request.Headers.ToDictionary(
            header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var request = new UpstreamRequest(http.Request.Method, http.Request.Path, headers, body.ToArray());
        _requests.Enqueue(request);
        _asked.TrySetResult();

        try
        {
            await BehaviorFor(request)(http, request);
        }
        catch (OperationCanceledException)
        {
            _left.TrySetResult();
        }
    }

    private UpstreamBehavior BehaviorFor(UpstreamRequest request)
    {
        var marked = _marked.FirstOrDefault(marked => request.Text.Contains(marked.Key, StringComparison.Ordinal));
        return marked.Value ?? (_next.TryDequeue(out var next) ? next : Behavior);
    }
}
