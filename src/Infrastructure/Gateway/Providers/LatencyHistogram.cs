namespace AiPlatform.Infrastructure.Gateway.Providers;

/// <summary>
/// Latencies by order of magnitude: each class is a fifth wider than the one before, so that a class's middle is within a tenth of
/// every latency in it. From 1 ms to about 24 minutes.
/// </summary>
internal static class LatencyHistogram
{
    public const int Size = 80;

    private const double Growth = 1.2;

    /// <summary>The class of a latency.</summary>
    public static int IndexOf(TimeSpan latency) =>
        latency.TotalMilliseconds <= 1 ? 0 : Math.Min(Size - 1, (int)Math.Log(latency.TotalMilliseconds, Growth));

    /// <summary>The middle of the class that holds the median; <see langword="null"/> where nothing was counted.</summary>
    public static TimeSpan? MedianOf(IReadOnlyList<int> counts)
    {
        var half = (counts.Sum() + 1) / 2;
        if (half == 0)
        {
            return null;
        }

        var (index, passed) = (0, counts[0]);
        while (passed < half)
        {
            passed += counts[++index];
        }

        return TimeSpan.FromMilliseconds(Math.Pow(Growth, index + 0.5));
    }
}
