using System.Threading.RateLimiting;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Shared;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Identity;

/// <summary>
/// A sliding minute per address. It slows guessing down per process; 256-bit tokens and 122-bit keys are what makes guessing
/// hopeless, so the count need not be shared between replicas.
/// </summary>
internal sealed class FailureLimit(IOptions<IdentityOptions> options) : IFailureLimit, IDisposable
{
    private const int Segments = 6;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(address =>
        RateLimitPartition.GetSlidingWindowLimiter(address, _ => new SlidingWindowRateLimiterOptions
        {
            PermitLimit = options.Value.FailedAttemptsPerMinute,
            Window = Window,
            SegmentsPerWindow = Segments,
        }));

    public void ThrowIfReached(string? ipAddress)
    {
        // Asking for nothing tells whether something is left.
        using var lease = _limiter.AttemptAcquire(Partition(ipAddress), permitCount: 0);
        if (!lease.IsAcquired)
        {
            throw new RefusedException(CredentialErrors.TooManyFailures(Window / Segments));
        }
    }

    public void Count(string? ipAddress) => _limiter.AttemptAcquire(Partition(ipAddress)).Dispose();

    public void Dispose() => _limiter.Dispose();

    private static string Partition(string? ipAddress) => ipAddress ?? "unknown";
}
