using System.Net;
using AiPlatform.Application.Gateway;
using AiPlatform.Application.Gateway.Contracts;
using Microsoft.Extensions.Caching.Memory;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace AiPlatform.Infrastructure.Gateway.Providers;

/// <summary>When a route is asked again, and when it is left alone for a while. Each route has its own circuit.</summary>
internal sealed class ProviderResilience(TimeProvider time) : IDisposable
{
    /// <summary>Most routes that are remembered: of a host of many vendors, callers name the model as they like.</summary>
    private const int MaxRoutes = 1_000;

    private const int MaxRetries = 2;

    /// <summary>Far longer than a circuit looks back, or stays open.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);

    /// <summary>A caller is waiting: a provider that asks for more is given up for this call.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly Lock _adding = new();
    private readonly MemoryCache _routes = new(new MemoryCacheOptions { SizeLimit = MaxRoutes });

    /// <summary>The pipeline of a route.</summary>
    public ResiliencePipeline<HttpResponseMessage> PipelineOf(string provider, string upstreamModel)
    {
        var name = new RouteName(provider, upstreamModel);
        if (_routes.TryGetValue(name, out Route? known))
        {
            return known!.Pipeline;
        }

        // The first calls of a route share its circuit.
        lock (_adding)
        {
            return _routes.GetOrCreate(name, entry =>
            {
                entry.SetSize(1).SetSlidingExpiration(Remembered);
                return NewRoute();
            })!.Pipeline;
        }
    }

    /// <summary>The circuits of a provider's routes that were called lately, by the model as the provider names it.</summary>
    public IReadOnlyList<RouteCircuit> CircuitsOf(string provider) =>
    [
        .. from name in _routes.Keys.Cast<RouteName>()
           where name.Provider == provider
           let route = _routes.Get<Route>(name)
           where route is not null
           orderby name.Model
           select new RouteCircuit(name.Model, StateOf(route.Circuit.CircuitState)),
    ];

    public void Dispose() => _routes.Dispose();

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

        return response.StatusCode is HttpStatusCode.TooManyRequests
            ? RetryAfter.Of(response, time) <= LongestWait
            : IsOutage(response) && (RetryAfter.Of(response, time) ?? TimeSpan.Zero) <= LongestWait;
    }

    private readonly record struct RouteName(string Provider, string Model);

    private sealed record Route(ResiliencePipeline<HttpResponseMessage> Pipeline, CircuitBreakerStateProvider Circuit);
}
