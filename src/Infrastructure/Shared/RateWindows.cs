using System.Collections.Concurrent;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Shared;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Shared;

/// <summary>Counts in minutes of UTC; a minute's counts are dropped whole when the next begins, which also bounds their number.</summary>
internal sealed class RateWindows(IOptions<RateLimitOptions> options, TimeProvider time) : IRateWindows
{
    // More callers than these in one minute share one count.
    private const int MaxPartitions = 100_000;

    private Minute _minute = new(DateTimeOffset.MinValue);

    public RateStanding Count(RateClass rate, string partition)
    {
        var limit = options.Value.Of(rate);
        var minute = Current();
        var key = minute.Counts.Count < MaxPartitions || minute.Counts.ContainsKey((rate, partition)) ? (rate, partition) : (rate, string.Empty);
        var count = minute.Counts.AddOrUpdate(key, 1, (_, known) => known + 1);
        return new RateStanding(new RateLimit(limit, minute.Start.AddMinutes(1)), limit - count);
    }

    private Minute Current()
    {
        var now = time.GetUtcNow();
        var start = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        var known = Volatile.Read(ref _minute);
        if (known.Start == start)
        {
            return known;
        }

        var next = new Minute(start);
        var before = Interlocked.CompareExchange(ref _minute, next, known);
        return before == known ? next : before;
    }

    private sealed class Minute(DateTimeOffset start)
    {
        public DateTimeOffset Start { get; } = start;

        public ConcurrentDictionary<(RateClass Rate, string Partition), long> Counts { get; } = new();
    }
}
