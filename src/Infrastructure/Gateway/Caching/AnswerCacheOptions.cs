using System.ComponentModel.DataAnnotations;

namespace AiPlatform.Infrastructure.Gateway.Caching;

/// <summary>Configuration section <c>AnswerCache</c>.</summary>
public sealed class AnswerCacheOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "AnswerCache";

    /// <summary>Most answers that are kept for an account, the oldest going first; 1 to 100,000, 10,000 by default.</summary>
    [Range(1, 100_000, ErrorMessage = "AnswerCache:MaxAnswersPerAccount must be a number from 1 to 100000.")]
    public int MaxAnswersPerAccount { get; set; } = 10_000;

    /// <summary>How often expired answers are removed; 1 second to 1 hour, 1 minute by default.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ErrorMessage = "AnswerCache:SweepInterval must be a duration from 00:00:01 to 01:00:00.")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(1);
}
