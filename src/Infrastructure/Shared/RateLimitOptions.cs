using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Shared;

namespace AiPlatform.Infrastructure.Shared;

/// <summary>Configuration section <c>RateLimits</c>: requests a minute.</summary>
public sealed class RateLimitOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "RateLimits";

    private const int Most = 1_000_000;

    /// <summary>Signing in, registering and changing credentials, by address; 1 to 1,000,000, 10 by default.</summary>
    [Range(1, Most, ErrorMessage = "RateLimits:CredentialsPerMinute must be a number from 1 to 1000000.")]
    public int CredentialsPerMinute { get; set; } = 10;

    /// <summary>Everything that a person does with an account; 1 to 1,000,000, 100 by default.</summary>
    [Range(1, Most, ErrorMessage = "RateLimits:GeneralPerMinute must be a number from 1 to 1000000.")]
    public int GeneralPerMinute { get; set; } = 100;

    /// <summary>Administering accounts; 1 to 1,000,000, 50 by default.</summary>
    [Range(1, Most, ErrorMessage = "RateLimits:AdministrationPerMinute must be a number from 1 to 1000000.")]
    public int AdministrationPerMinute { get; set; } = 50;

    /// <summary>The routes below <c>/api/v1</c>, by address; 1 to 1,000,000, 60 by default.</summary>
    [Range(1, Most, ErrorMessage = "RateLimits:ConversationsPerMinute must be a number from 1 to 1000000.")]
    public int ConversationsPerMinute { get; set; } = 60;

    internal int Of(RateClass rate) => rate switch
    {
        RateClass.Credentials => CredentialsPerMinute,
        RateClass.General => GeneralPerMinute,
        RateClass.Administration => AdministrationPerMinute,
        RateClass.Conversations => ConversationsPerMinute,
        _ => throw new ArgumentOutOfRangeException(nameof(rate), rate, null),
    };
}
