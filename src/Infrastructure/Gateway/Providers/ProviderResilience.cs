using System.Collections.Concurrent;
using System.Net;
using AiPlatform.Application.Gateway;
using AiPlatform.Application.Gateway.Contracts;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace AiPlatform.Infrastructure.Gateway.Providers;

/// <summary>When a route is asked again, and when it is left alone for a while. Each route has its own circuit.</summary>
internal sealed class ProviderResilience(TimeProvider time)
{
    private const int MaxRetries = 2;

    /// <summary>A caller is waiting: a provider that asks for more is given up for this call.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(string Provider, string Model), Route> _routes = new();

    /// <summary>The pipeline of a route.</summary>
    public ResiliencePipeline<HttpResponseMessage> PipelineOf(string provider, string upstreamModel) =>
        _routes.GetOrAdd((provider, upstreamModel), _ => NewRoute()).Pipeline;

    /// <summary>The circuits of a provider's routes that were called, by the model as the provider names it.</summary>
    public IReadOnlyList<RouteCircuit> CircuitsOf(string provider) =>
    [
        .. from route in _routes
           where route.Key.Provider == provider
           orderby route.Key.Model
           select new RouteCircuit(route.Key.Model, StateOf(route.Value.Circuit.CircuitState)),
    ];

    private static CircuitPosition StateOf(CircuitState state) => state switch
    {
        CircuitState.Closed => CircuitPosition.Closed,
        CircuitState.HalfOpen => CircuitPosition.HalfOpen,
        _ => CircuitPosition.Open,
    };

    private Route NewRoute()
    {
        var circuit = new CircuitBreakerStateProvider();
        var pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddRetry(Retry())
            .AddCircuitBreaker(Circuit(circuit))
            .Build();
        return new Route(pipeline, circuit);
    }

    private static bool IsOutage(HttpResponseMessage? response) =>
        response is { StatusCode: HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError };

    private static CircuitBreakerStrategyOptions<HttpResponseMessage> Circuit(CircuitBreakerStateProvider state) => new()
    {
        StateProvider = state,
        FailureRatio = 0.5,
        MinimumThroughput = 10,
        SamplingDuration = TimeSpan.FromSeconds(30),
        BreakDuration = TimeSpan.FromSeconds(15),
        ShouldHandle = arguments => ValueTask.FromResult(
            arguments.Outcome.Exception is ProviderUnreachableException || IsOutage(arguments.Outcome.Result)),
    };

    private RetryStrategyOptions<HttpResponseMessage> Retry() => new()
    {
        MaxRetryAttempts = MaxRetries,
        Delay = TimeSpan.FromMilliseconds(200),
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        ShouldHandle = arguments => ValueTask.FromResult(IsSafeToRepeat(arguments.Outcome)),
        DelayGenerator = arguments => ValueTask.FromResult(
            arguments.Outcome.Result is { } response ? RetryAfter.Of(response, time) : null),
    };

    private bool IsSafeToRepeat(Outcome<HttpResponseMessage> outcome)
    {
        if (outcome.Result is not { } response)
        {
            return outcome.Exception is ProviderUnreachableException { MayHaveRun: false };
        }

        var wait = RetryAfter.Of(response, time);
        return response.StatusCode is HttpStatusCode.TooManyRequests
            ? wait <= LongestWait
            : IsOutage(response) && (wait ?? TimeSpan.Zero) <= LongestWait;
    }

    private sealed record Route(ResiliencePipeline<HttpResponseMessage> Pipeline, CircuitBreakerStateProvider Circuit);
}
