using System.ComponentModel.DataAnnotations;

namespace AiPlatform.Infrastructure.Metering;

/// <summary>Configuration section <c>Metering</c>.</summary>
public sealed class MeteringOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Metering";

    /// <summary>How long a hold may await its outcome; 1 minute to 1 day, 15 minutes by default.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00", ErrorMessage = "Metering:HoldExpiry must be a duration from 00:01:00 to 1.00:00:00.")]
    public TimeSpan HoldExpiry { get; set; } = TimeSpan.FromMinutes(15);
}
