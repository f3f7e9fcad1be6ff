using AiPlatform.Application.Identity;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Identity.Client;
using Polly;
using Polly.CircuitBreaker;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace AiPlatform.Infrastructure.Identity.Entra;

/// <summary>
/// The organisation's identity provider stands behind tokens for as long as it grants the organisation's application one of
/// its own. Its word is taken for <see cref="TokenOptions.VouchInterval"/>; where it refuses, fails or is silent, nothing is
/// issued and no token is accepted.
/// </summary>
internal sealed partial class EntraTokenAuthority(
    EntraApplication application,
    IOptions<TokenOptions> tokens,
    IOptions<EntraOptions> options,
    TimeProvider time,
    ILogger<EntraTokenAuthority> logger) : ITokenAuthority
{
    // A provider that is down is left alone for a while; waiting for its time-out on every call would help nobody.
    private const int FailuresUntilOpen = 3;

    private static readonly TimeSpan FailureWindow = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan OpenFor = TimeSpan.FromSeconds(15);

    private readonly ResiliencePipeline _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            FailureRatio = 1,
            MinimumThroughput = FailuresUntilOpen,
            SamplingDuration = FailureWindow,
            BreakDuration = OpenFor,
        })
        .AddTimeout(options.Value.Timeout)
        .Build();

    private readonly Lock _gate = new();

    private Grant? _known;
    private Task<Grant?> _underWay = Task.FromResult<Grant?>(null);

    public async Task<TokenTerms> GrantAsync(CancellationToken cancellationToken)
    {
        var grant = await AskAsync(cancellationToken);
        var lifetime = TimeSpan.FromSeconds(Math.Floor(((grant?.EndsAt ?? default) - time.GetUtcNow()).TotalSeconds));
        return lifetime > TimeSpan.Zero
            ? new TokenTerms(TokenIssuer.Entra, lifetime)
            : throw new RefusedException(TokenErrors.NotGranted);
    }

    // Nobody but this platform stands behind a local token, and this platform now asks for more than that.
    public async Task<bool> VouchesAsync(TokenIssuer issuer, CancellationToken cancellationToken) =>
        issuer is TokenIssuer.Entra && await AskAsync(cancellationToken) is not null;

    /// <summary>What the provider grants: its word of a moment ago, or the answer to one request that all callers share.</summary>
    private Task<Grant?> AskAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (_known is { } known && now < known.EndsAt && now - known.AskedAt < tokens.Value.VouchInterval)
            {
                return Task.FromResult<Grant?>(known);
            }

            if (_underWay.IsCompleted)
            {
                // On another thread, and under nobody's cancellation: who asked first may leave, the others still wait.
                _underWay = Task.Run(() => RequestAsync(CancellationToken.None), CancellationToken.None);
            }

            return _underWay.WaitAsync(cancellationToken);
        }
    }

    private async Task<Grant?> RequestAsync(CancellationToken cancellationToken)
    {
        var grant = await TryRequestAsync(time.GetUtcNow(), cancellationToken);
        lock (_gate)
        {
            _known = grant;
        }

        return grant;
    }

    private async Task<Grant?> TryRequestAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            var endsAt = await _pipeline.ExecuteAsync(async stop => await application.AcquireAsync(stop), cancellationToken);
            return new Grant(now, endsAt);
        }
        catch (BrokenCircuitException)
        {
            return null;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Names and codes alone: the provider's own words can carry what was sent to it.
            var refusal = failure as MsalServiceException;
            LogNotGranted(failure.GetType().Name, (failure as MsalException)?.ErrorCode, refusal?.StatusCode, refusal?.CorrelationId);
            return null;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The identity provider granted nothing: {Failure} {Code}, status {Status}, its correlation id {CorrelationId}")]
    private partial void LogNotGranted(string failure, string? code, int? status, string? correlationId);

    /// <summary>The provider's word.</summary>
    /// <param name="AskedAt">When it was asked, UTC.</param>
    /// <param name="EndsAt">When what it granted ends, UTC.</param>
    private sealed record Grant(DateTimeOffset AskedAt, DateTimeOffset EndsAt);
}
