using System.Collections.Concurrent;
using System.Net;
using AiPlatform.Application.Gateway;
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

    private readonly ConcurrentDictionary<(string Provider, string Model), ResiliencePipeline<HttpResponseMessage>> _routes = new();

    /// <summary>The pipeline of a route.</summary>
    public ResiliencePipeline<HttpResponseMessage> PipelineOf(string provider, string upstreamModel) =>
        _routes.GetOrAdd((provider, upstreamModel), _ =>
            new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
                .AddRetry(Retry())
                .AddCircuitBreaker(Circuit())
                .Build());

    private static bool IsOutage(HttpResponseMessage? response) =>
        response is { StatusCode: HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError };

    private static CircuitBreakerStrategyOptions<HttpResponseMessage> Circuit() => new()
    {
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
}
