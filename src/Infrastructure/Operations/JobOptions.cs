using System.ComponentModel.DataAnnotations;

namespace AiPlatform.Infrastructure.Operations;

/// <summary>Configuration section <c>Jobs</c>.</summary>
public sealed class JobOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Jobs";

    /// <summary>How often a process looks for what is due; 1 second to 1 hour, 15 seconds by default.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ErrorMessage = "Jobs:Interval must be a duration from 00:00:01 to 01:00:00.")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Memory of the process in MiB above which it is told to the log and collected; 64 to 1,048,576, 1024 by default.</summary>
    [Range(64, 1_048_576, ErrorMessage = "Jobs:MemoryThresholdMb must be a number from 64 to 1048576.")]
    public int MemoryThresholdMb { get; set; } = 1024;
}
