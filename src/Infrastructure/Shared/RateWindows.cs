using System.Collections.Concurrent;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Shared;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Shared;

/// <summary>
/// Counts in minutes, hours and days of UTC; a window's counts are dropped whole when the next begins, which also bounds their
/// number.
/// </summary>
internal sealed class RateWindows(IOptions<RateLimitOptions> options, TimeProvider time) : IRateWindows
{
    // More callers than these in one window share one count.
    private const int MaxPartitions = 100_000;

    private readonly Counter _minutes = new(TimeSpan.FromMinutes(1));
    private readonly Counter _hours = new(TimeSpan.FromHours(1));
    private readonly Counter _days = new(TimeSpan.FromDays(1));

    public RequestRates Of(RateClass rate) => options.Value.Of(rate);

    public RateStanding Count(RateClass rate, string partition)
    {
        var (now, limits) = (time.GetUtcNow(), Of(rate));
        var standing = _minutes.Count((rate, partition), limits.PerMinute, now);
        standing = Tighter(standing, limits.PerHour is { } hourly ? _hours.Count((rate, partition), hourly, now) : null);
        return Tighter(standing, limits.PerDay is { } daily ? _days.Count((rate, partition), daily, now) : null);
    }

    private static RateStanding Tighter(RateStanding standing, RateStanding? longer) =>
        longer is not null && longer.Remaining < standing.Remaining ? longer : standing;

    private sealed class Counter(TimeSpan length)
    {
        private Window _window = new(DateTimeOffset.MinValue);

        public RateStanding Count((RateClass Rate, string Partition) caller, long limit, DateTimeOffset now)
        {
            var window = Current(now);
            var key = window.Counts.Count < MaxPartitions || window.Counts.ContainsKey(caller) ? caller : (caller.Rate, string.Empty);
            var count = window.Counts.AddOrUpdate(key, 1, (_, known) => known + 1);
            return new RateStanding(new RateLimit(limit, window.Start + length), limit - count);
        }

        private Window Current(DateTimeOffset now)
        {
            var start = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % length.Ticks), TimeSpan.Zero);
            var known = Volatile.Read(ref _window);

            // Who looked at the clock just before a window began is counted in it: its counts are not given up for those before.
            if (known.Start == start || known.Start - start == length)
            {
                return known;
            }

            var next = new Window(start);
            var before = Interlocked.CompareExchange(ref _window, next, known);
            return before == known ? next : before;
        }
    }

    private sealed class Window(DateTimeOffset start)
    {
        public DateTimeOffset Start { get; } = start;

        public ConcurrentDictionary<(RateClass Rate, string Partition), long> Counts { get; } = new();
    }
}
