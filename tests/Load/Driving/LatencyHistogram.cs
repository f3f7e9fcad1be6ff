using System.Numerics;

namespace AiPlatform.Load.Driving;

/// <summary>
/// Durations in buckets that grow with them: 32 a power of two of microseconds, so that a quantile is at most 3 % too large,
/// however many durations there are.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int PerPower = 32;
    private const int Shift = 5;

    private readonly long[] _counts = new long[PerPower * 36];

    public long Count { get; private set; }

    public void Add(TimeSpan duration)
    {
        _counts[BucketOf((long)duration.TotalMicroseconds)]++;
        Count++;
    }

    public void Add(LatencyHistogram other)
    {
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            _counts[bucket] += other._counts[bucket];
        }

        Count += other.Count;
    }

    /// <summary>The duration that a part of all stays within, in milliseconds; zero where there is none.</summary>
    /// <param name="part">0 to 1.</param>
    public double Quantile(double part)
    {
        var left = (long)Math.Ceiling(part * Count);
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            left -= _counts[bucket];
            if (left <= 0 && Count > 0)
            {
                return UpperBoundOf(bucket) / 1_000.0;
            }
        }

        return 0;
    }

    private int BucketOf(long microseconds)
    {
        if (microseconds < PerPower)
        {
            return (int)Math.Max(0, microseconds);
        }

        var power = BitOperations.Log2((ulong)microseconds) - Shift;
        return Math.Min(_counts.Length - 1, (power * PerPower) + (int)(microseconds >> power));
    }

    private static long UpperBoundOf(int bucket)
    {
        var power = Math.Max(0, (bucket / PerPower) - 1);
        return ((bucket - (power * PerPower)) + 1L) << power;
    }
}
