using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Shared;

namespace AiPlatform.Infrastructure.Shared;

/// <summary>Configuration section <c>RateLimits</c>: requests a minute, and an hour and a day where that is counted.</summary>
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

    /// <summary>The routes below <c>/tokens</c>, by account; 1 to 1,000,000, 60 by default.</summary>
    [Range(1, Most, ErrorMessage = "RateLimits:TokensPerMinute must be a number from 1 to 1000000.")]
    public int TokensPerMinute { get; set; } = 60;

    /// <summary>The same in an hour; 1 to 1,000,000, 1,000 by default.</summary>
    [Range(1, Most, ErrorMessage = "RateLimits:TokensPerHour must be a number from 1 to 1000000.")]
    public int TokensPerHour { get; set; } = 1_000;

    /// <summary>The same in a day; 1 to 1,000,000, 10,000 by default.</summary>
    [Range(1, Most, ErrorMessage = "RateLimits:TokensPerDay must be a number from 1 to 1000000.")]
    public int TokensPerDay { get; set; } = 10_000;

    internal RequestRates Of(RateClass rate) => rate switch
    {
        RateClass.Credentials => new RequestRates(CredentialsPerMinute),
        RateClass.General => new RequestRates(GeneralPerMinute),
        RateClass.Administration => new RequestRates(AdministrationPerMinute),
        RateClass.Conversations => new RequestRates(ConversationsPerMinute),
        RateClass.Tokens => new RequestRates(TokensPerMinute, TokensPerHour, TokensPerDay),
        _ => throw new ArgumentOutOfRangeException(nameof(rate), rate, null),
    };
}
