using System.ComponentModel.DataAnnotations;

namespace AiPlatform.Infrastructure.Shared;

/// <summary>Configuration section <c>Bodies</c>: what the body of a request may take.</summary>
public sealed class BodyOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Bodies";

    /// <summary>
    /// Time for a JSON body to come whole; 1 second to 10 minutes, 2 minutes by default, in which the largest body comes over a line
    /// of 1.2 Mbit/s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ErrorMessage = "Bodies:Timeout must be a duration from 00:00:01 to 00:10:00.")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(2);
}
