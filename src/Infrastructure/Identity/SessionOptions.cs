using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity;
using AiPlatform.Domain.Identity;

namespace AiPlatform.Infrastructure.Identity;

/// <summary>Configuration section <c>Sessions</c>.</summary>
public sealed class SessionOptions : ISessionPolicy
{
    /// <summary>The section's name.</summary>
    public const string Section = "Sessions";

    /// <inheritdoc/>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00", ErrorMessage = "Sessions:AccessTokenLifetime must be from 00:01:00 to 1.00:00:00.")]
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromMinutes(30);

    /// <inheritdoc/>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00", ErrorMessage = "Sessions:RefreshTokenLifetime must be from 01:00:00 to 365.00:00:00.")]
    public TimeSpan RefreshTokenLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Who issues session tokens, and for whom (<c>iss</c> and <c>aud</c>).</summary>
    [Required(ErrorMessage = "Sessions:Issuer must not be empty.")]
    public string Issuer { get; set; } = "aiplatform";

    /// <inheritdoc/>
    [Range(Tiers.Developer, Tiers.Highest, ErrorMessage = "Sessions:NewcomerTier must be a number from 1 to 5.")]
    public int NewcomerTier { get; set; } = Tiers.Highest;
}
