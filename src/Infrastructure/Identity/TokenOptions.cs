using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity;
using AiPlatform.Domain.Identity;

namespace AiPlatform.Infrastructure.Identity;

/// <summary>Configuration section <c>Tokens</c>.</summary>
public sealed class TokenOptions : ITokenPolicy
{
    /// <summary>The section's name.</summary>
    public const string Section = "Tokens";

    /// <summary>Who stands behind issued tokens; <see cref="TokenIssuer.Local"/> by default.</summary>
    public TokenIssuer Issuer { get; set; } = TokenIssuer.Local;

    /// <summary>How long a local token is good for; 1 minute to 1 day, 1 hour by default.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00", ErrorMessage = "Tokens:Lifetime must be a duration from 00:01:00 to 1.00:00:00.")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public bool RevokeOnRefresh { get; set; }

    /// <summary>
    /// How long the organisation's word on its tokens is taken before it is asked for again; 1 second to 10 minutes, 1 minute by
    /// default.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ErrorMessage = "Tokens:VouchInterval must be a duration from 00:00:01 to 00:10:00.")]
    public TimeSpan VouchInterval { get; set; } = TimeSpan.FromMinutes(1);
}
