using AiPlatform.Domain.Metering;

namespace AiPlatform.Domain.Commerce;

/// <summary>What a person can subscribe to: tokens a month for a price a month.</summary>
public sealed class Plan
{
    /// <summary>The plan of whoever subscribed to none.</summary>
    public const string Free = "free";

    /// <summary>Longest name, in characters.</summary>
    public const int MaxNameLength = 50;

    /// <summary>Longest list of features, in characters.</summary>
    public const int MaxFeaturesLength = 2000;

    /// <summary>Highest price a month, in nano-USD: a million US dollars.</summary>
    public const long MaxPrice = 1_000_000 * MeterUnits.PerDollar;

    private Plan()
    {
        Name = DisplayName = Features = string.Empty;
    }

    /// <summary>Offers a plan.</summary>
    /// <param name="name">Its name on the wire, lower-case; unique.</param>
    /// <param name="displayName">Its name as shown.</param>
    /// <param name="monthlyTokens">Tokens a month, zero or more.</param>
    /// <param name="price">Nano-USD a month, 0 to <see cref="MaxPrice"/>; the free plan costs nothing.</param>
    /// <param name="now">The time of the offer, which also orders the id (UUIDv7).</param>
    /// <exception cref="ArgumentOutOfRangeException">The tokens or the price are out of range.</exception>
    public Plan(string name, string displayName, long monthlyTokens, long price, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(monthlyTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(price);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(price, name == Free ? 0 : MaxPrice);
        Id = Guid.CreateVersion7(now);
        (Name, DisplayName, MonthlyTokens, Price, Features) = (name, displayName, monthlyTokens, price, string.Empty);
        Active = true;
        CreatedAt = now;
    }

    /// <summary>UUIDv7.</summary>
    public Guid Id { get; private set; }

    /// <summary>Its name on the wire; unique.</summary>
    public string Name { get; private set; }

    /// <summary>Its name as shown.</summary>
    public string DisplayName { get; private set; }

    /// <summary>Tokens a calendar month.</summary>
    public long MonthlyTokens { get; private set; }

    /// <summary>Nano-USD a month.</summary>
    public long Price { get; private set; }

    /// <summary>What it offers, a line a feature.</summary>
    public string Features { get; private set; }

    /// <summary>Whether it can be subscribed to.</summary>
    public bool Active { get; private set; }

    /// <summary>When it was offered first, UTC.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Whether it costs something.</summary>
    public bool IsPaid => Price > 0;

    /// <summary>Says what the plan offers.</summary>
    /// <param name="features">The features, each one line.</param>
    public void Describe(params string[] features) => Features = string.Join('\n', features);
}
