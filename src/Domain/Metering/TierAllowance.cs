namespace AiPlatform.Domain.Metering;

/// <summary>What a tier is granted each calendar month.</summary>
public sealed class TierAllowance
{
    /// <summary>Whole credits a month for a tier that nobody configured.</summary>
    public const int DefaultMonthlyCredits = 100;

    private TierAllowance()
    {
        Description = string.Empty;
    }

    /// <summary>Configures a tier.</summary>
    /// <param name="tier">0 to 5.</param>
    /// <param name="monthlyCredits">Whole credits a month; a number like any other, never "unlimited".</param>
    /// <param name="description">What the tier is called.</param>
    /// <param name="now">The time of the change.</param>
    public TierAllowance(int tier, int monthlyCredits, string description, DateTimeOffset now)
    {
        Tier = tier;
        MonthlyCredits = monthlyCredits;
        Description = description;
        CreatedAt = ModifiedAt = now;
    }

    /// <summary>0 to 5.</summary>
    public int Tier { get; private set; }

    /// <summary>Whole credits a month.</summary>
    public int MonthlyCredits { get; private set; }

    /// <summary>What the tier is called.</summary>
    public string Description { get; private set; }

    /// <summary>When the tier was configured, UTC.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When it last changed, UTC.</summary>
    public DateTimeOffset ModifiedAt { get; private set; }

    /// <summary>The allowance of a tier that nobody configured.</summary>
    /// <param name="tier">0 to 5.</param>
    /// <param name="now">The time of the change.</param>
    public static TierAllowance Default(int tier, DateTimeOffset now) =>
        new(tier, DefaultMonthlyCredits, $"Default for scope {tier}", now);
}
