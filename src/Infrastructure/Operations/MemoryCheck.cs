using AiPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Operations;

/// <summary>Tells the log where the process takes more memory than it should, and gives back what it can.</summary>
internal sealed partial class MemoryCheck(IOptions<JobOptions> options, ILogger<MemoryCheck> logger) : IScheduledJob
{
    private const long MiB = 1024 * 1024;

    public string Name => "memory_check";

    public string Schedule => "0 0/2 * * * ?";

    public bool IsLocal => true;

    public Task<string> RunAsync(DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        var used = Environment.WorkingSet / MiB;
        if (used > options.Value.MemoryThresholdMb)
        {
            LogAbove(used, options.Value.MemoryThresholdMb);
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Optimized, blocking: false);
        }

        return Task.FromResult($"{used} MiB of {options.Value.MemoryThresholdMb}");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The process uses {Used} MiB, more than Jobs:MemoryThresholdMb, which is {Threshold}")]
    private partial void LogAbove(long used, int threshold);
}
