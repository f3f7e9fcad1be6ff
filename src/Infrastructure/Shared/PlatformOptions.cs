using System.ComponentModel.DataAnnotations;

namespace AiPlatform.Infrastructure.Shared;

/// <summary>Configuration section <c>Platform</c>.</summary>
public sealed class PlatformOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string Section = "Platform";

    /// <summary>The zone whose calendar periods follow; an IANA name, <c>Africa/Johannesburg</c> by default.</summary>
    public string TimeZone { get; set; } = "Africa/Johannesburg";

    /// <summary>Where clients reach this platform; <c>http://localhost:8080</c> by default.</summary>
    public string PublicUrl { get; set; } = "http://localhost:8080";

    /// <summary>How long a stop may take; 30 seconds by default. Calls that are under way have two thirds of it to end by themselves.</summary>
    [Range(typeof(TimeSpan), "00:00:03", "00:10:00", ErrorMessage = "Platform:StopTimeout must be a duration from 00:00:03 to 00:10:00.")]
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _))
        {
            yield return new ValidationResult($"Platform:TimeZone must be an IANA time zone such as Africa/Johannesburg, not '{TimeZone}'.");
        }

        if (!Uri.TryCreate(PublicUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            yield return new ValidationResult($"Platform:PublicUrl must be an absolute http or https address, not '{PublicUrl}'.");
        }
    }
}
