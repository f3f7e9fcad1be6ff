namespace AiPlatform.Load.Driving;

/// <summary>What came of driving a server for a while. Times are in milliseconds.</summary>
/// <param name="Succeeded">Answers with status 200.</param>
/// <param name="Failures">Everything else, by status or by what broke; nothing is left out.</param>
/// <param name="Seconds">How long it was driven.</param>
/// <param name="P50">Half of the successful calls took no longer.</param>
/// <param name="P99">99 of 100 successful calls took no longer.</param>
/// <param name="Slowest">The slowest successful call.</param>
internal sealed record DriveResult(
    long Succeeded, IReadOnlyDictionary<string, long> Failures, double Seconds, double P50, double P99, double Slowest)
{
    public double Throughput => Succeeded / Seconds;
}
