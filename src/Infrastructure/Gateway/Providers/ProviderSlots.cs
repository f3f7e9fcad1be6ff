using System.Threading.RateLimiting;
using AiPlatform.Application.Gateway;

namespace AiPlatform.Infrastructure.Gateway.Providers;

/// <summary>The calls that a provider takes at a time. Those above wait in line for a short while.</summary>
internal sealed class ProviderSlots(int? most, TimeSpan patience, TimeProvider time)
{
    /// <summary>Each waiting call holds its request, so that a long line would be paid for in memory.</summary>
    private const int LongestLine = 1000;

    private readonly ConcurrencyLimiter? _limiter = most is not { } permits ? null : new(new ConcurrencyLimiterOptions
    {
        PermitLimit = permits,
        QueueLimit = LongestLine,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Waits for a turn.</summary>
    /// <param name="deadline">The end of the call's time.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <returns>The turn, which ends when it is disposed; <see langword="null"/> where there is no limit.</returns>
    /// <exception cref="ProviderUnreachableException">None was free in time; nothing was sent.</exception>
    /// <exception cref="OperationCanceledException">The caller left.</exception>
    public async ValueTask<IDisposable?> TakeAsync(CancellationToken deadline, CancellationToken cancellationToken)
    {
        if (_limiter is null)
        {
            return null;
        }

        var free = _limiter.AttemptAcquire();
        return free.IsAcquired ? free : await WaitAsync(_limiter, deadline, cancellationToken);
    }

    private async Task<IDisposable> WaitAsync(RateLimiter limiter, CancellationToken deadline, CancellationToken cancellationToken)
    {
        using var impatient = new CancellationTokenSource(patience, time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(impatient.Token, deadline, cancellationToken);
        RateLimitLease lease;
        try
        {
            lease = await limiter.AcquireAsync(1, any.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw Full(late);
        }

        return lease.IsAcquired ? lease : throw Full(null);
    }

    private static ProviderUnreachableException Full(Exception? cause) =>
        new("The provider has as many calls as it may have at a time.", mayHaveRun: false, cause) { Failure = ProviderFailure.NotSent };
}
