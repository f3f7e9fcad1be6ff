using AiPlatform.Load.Driving;
using AiPlatform.Load.Processes;

namespace AiPlatform.Load.Measuring;

/// <summary>One measurement of one target.</summary>
/// <param name="Result">What the driver saw.</param>
/// <param name="Before">What the process under test had used when counting started.</param>
/// <param name="After">The same when it ended.</param>
/// <param name="PeakMemory">The most physical memory in between, in bytes.</param>
internal sealed record Sample(DriveResult Result, Usage Before, Usage After, long PeakMemory)
{
    /// <summary>Processor milliseconds of the process for 1,000 calls.</summary>
    public double CpuPerThousand => (After.CpuTime - Before.CpuTime).TotalMilliseconds * 1_000 / Calls;

    /// <summary>Processor milliseconds of its database server for 1,000 calls.</summary>
    public double DatabaseCpuPerThousand => (After.DatabaseCpuTime - Before.DatabaseCpuTime).TotalMilliseconds * 1_000 / Calls;

    /// <summary>Bytes allocated for a call.</summary>
    public double AllocatedPerCall => (After.Runtime.AllocatedBytes - Before.Runtime.AllocatedBytes) / (double)Calls;

    private long Calls => Math.Max(1, Result.Succeeded + Result.Failures.Values.Sum());
}
