using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AiPlatform.WebApi.FunctionalTests.Commerce.Stripe;

/// <summary>A request as it reached the server.</summary>
public sealed record StripeRequest(string Method, string Path, string Form, string? IdempotencyKey, string? Version, string? ContentType);

/// <summary>
/// A real HTTP server on loopback that keeps books as Stripe does: idempotency keys for a day, one request at a time with each, and
/// refusals that are kept as well. It misbehaves on demand.
/// </summary>
public sealed class StripeServer : IAsyncDisposable
{
    public const string SecretKey = "sk_test_4eC39HqLyjWDarjtT1zdp7dc";

    private readonly WebApplication _host;
    private readonly ConcurrentQueue<StripeRequest> _requests = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<StripeFault>> _faults = new();
    private readonly Dictionary<string, KeptAnswer> _kept = [];
    private readonly HashSet<string> _underWay = [];

    private StripeServer(WebApplication host)
    {
        _host = host;
        host.Run(AnswerAsync);
    }

    /// <summary>What it has done.</summary>
    public StripeBooks Books { get; } = new();

    public string Address => _host.Urls.Single();

    /// <summary>Everything it was asked, in order.</summary>
    public IReadOnlyList<StripeRequest> Requests => [.. _requests];

    /// <summary>What happens once something was done, before it is answered.</summary>
    public Func<StripeRequest, Task> BeforeAnswer { get; set; } = _ => Task.CompletedTask;

    public static async Task<StripeServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var server = new StripeServer(builder.Build());
        await server._host.StartAsync();
        return server;
    }

    /// <summary>Has the next requests of a method and a path go wrong, one each.</summary>
    public void Next(string methodAndPath, params StripeFault[] faults) =>
        Array.ForEach(faults, _faults.GetOrAdd(methodAndPath, _ => new ConcurrentQueue<StripeFault>()).Enqueue);

    /// <summary>How often a method and a path were asked.</summary>
    public int CountOf(string method, string path) => _requests.Count(request => request.Method == method && request.Path == path);

    public async ValueTask DisposeAsync()
    {
        using var impatient = new CancellationTokenSource(TimeSpan.Zero);
        await _host.StopAsync(impatient.Token);
        await _host.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var request = new StripeRequest(
            http.Request.Method,
            http.Request.Path.Value!,
            await reader.ReadToEndAsync(http.RequestAborted),
            http.Request.Headers["Idempotency-Key"].FirstOrDefault(),
            http.Request.Headers["Stripe-Version"].FirstOrDefault(),
            http.Request.ContentType);
        _requests.Enqueue(request);
        var fault = _faults.TryGetValue($"{request.Method} {request.Path}", out var faults) && faults.TryDequeue(out var next) ? next : (StripeFault?)null;
        if (http.Request.Headers.Authorization.ToString() != $"Bearer {SecretKey}")
        {
            await WriteAsync(http, StripeAnswer.Refuse(401, "invalid_request_error", "api_key_invalid"));
            return;
        }

        try
        {
            await AnswerAsync(http, request, fault);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The platform waits no longer.
        }
    }

    private async Task AnswerAsync(HttpContext http, StripeRequest request, StripeFault? fault)
    {
        switch (fault)
        {
            case StripeFault.LoseRequest:
                http.Abort();
                return;
            case StripeFault.FailBefore:
                await WriteAsync(http, StripeAnswer.Refuse(500, "api_error", null));
                return;
            case StripeFault.Throttle:
                await WriteAsync(http, StripeAnswer.Refuse(429, "invalid_request_error", "rate_limit"));
                return;
            case StripeFault.Redirect:
                http.Response.Redirect($"{Address}/elsewhere");
                return;
        }

        var answer = await CarryOutAsync(request, http.Request.Query, fault is StripeFault.FailAfter);
        switch (fault)
        {
            case StripeFault.LoseAnswer:
                http.Abort();
                break;
            case StripeFault.Hang:
                await Task.Delay(Timeout.Infinite, http.RequestAborted);
                break;
            case StripeFault.AnswerEndlessly:
                await WriteEndlesslyAsync(http);
                break;
            case StripeFault.AnswerNonsense:
                await http.Response.WriteAsync("<html>Bad gateway</html>", http.RequestAborted);
                break;
            default:
                await WriteAsync(http, answer);
                break;
        }
    }

    /// <summary>Does what was asked, once within a day under one key.</summary>
    private async Task<StripeAnswer> CarryOutAsync(StripeRequest request, IQueryCollection query, bool isSaidToFail)
    {
        var parameters = new StripeParameters(request.Method == "GET" ? query : new QueryCollection(Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(request.Form)));
        if (request.Method == "GET" || request.IdempotencyKey is not { } key)
        {
            return Books.Do(request.Method, request.Path, parameters);
        }

        lock (_kept)
        {
            if (_kept.TryGetValue(key, out var kept) && Books.Now < kept.Until)
            {
                return kept.Asked == request ? kept.Answer : StripeAnswer.Refuse(400, "idempotency_error", null);
            }

            if (!_underWay.Add(key))
            {
                return StripeAnswer.Refuse(409, "idempotency_error", "idempotency_key_in_use");
            }
        }

        var answer = Books.Do(request.Method, request.Path, parameters);
        await BeforeAnswer(request);
        lock (_kept)
        {
            answer = isSaidToFail ? StripeAnswer.Refuse(500, "api_error", null) : answer;
            _kept[key] = new KeptAnswer(request, answer, Books.Now.AddHours(24));
            _underWay.Remove(key);
        }

        return answer;
    }

    private static async Task WriteAsync(HttpContext http, StripeAnswer answer)
    {
        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(answer.Json.ToJsonString(), http.RequestAborted);
    }

    private static async Task WriteEndlesslyAsync(HttpContext http)
    {
        var part = Encoding.ASCII.GetBytes($"\"{new string('x', 64 * 1024)}\",");
        await http.Response.WriteAsync("[", http.RequestAborted);
        while (!http.RequestAborted.IsCancellationRequested)
        {
            await http.Response.Body.WriteAsync(part, http.RequestAborted);
        }
    }

    private sealed record KeptAnswer(StripeRequest Asked, StripeAnswer Answer, DateTimeOffset Until);
}

/// <summary>An answer of the server.</summary>
public sealed record StripeAnswer(int Status, JsonNode Json)
{
    /// <summary>Words that no client of the platform may ever see.</summary>
    public const string Words = "Your card was declined; see stripe.com/docs";

    public static StripeAnswer Ok(JsonNode json) => new(200, json.DeepClone());

    public static StripeAnswer Refuse(int status, string type, string? code) => new(
        status, new JsonObject { ["error"] = new JsonObject { ["type"] = type, ["code"] = code, ["message"] = Words } });
}
