using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;

namespace AiPlatform.Application.Metering;

/// <summary>How an owner stands with one meter in the current period.</summary>
public sealed record OwnerAccount
{
    /// <summary>The owner.</summary>
    public required LedgerOwner Owner { get; init; }

    /// <summary>What is counted.</summary>
    public required Meter Meter { get; init; }

    /// <summary>The period, by its label.</summary>
    public required string Period { get; init; }

    /// <summary>When the next period starts; <see langword="null"/> where none does.</summary>
    public required DateTimeOffset? RenewsAt { get; init; }

    /// <summary>What the limit allows a period; <see langword="null"/> where there is none.</summary>
    public required long? Limit { get; init; }

    /// <summary>Given for the period.</summary>
    public required long Granted { get; init; }

    /// <summary>Set aside for calls under way.</summary>
    public required long Held { get; init; }

    /// <summary>Paid.</summary>
    public required long Spent { get; init; }

    /// <summary>What can still be held.</summary>
    public required long Available { get; init; }

    /// <summary>Makes the view of an account; one that no call has opened yet stands as its first call will find it.</summary>
    internal static OwnerAccount Of(AccountKey key, long? limit, long openingGrant, AccountBalance? balance, DateTimeOffset now, TimeZoneInfo zone)
    {
        var standing = balance ?? new AccountBalance(key, openingGrant, 0, 0);
        return new OwnerAccount
        {
            Owner = new LedgerOwner(key.OwnerKind, key.OwnerId),
            Meter = key.Meter,
            Period = key.Period.Label,
            RenewsAt = Domain.Metering.Period.NextStart(MeterUnits.PeriodOf(key.Meter), now, zone),
            Limit = limit,
            Granted = standing.Granted,
            Held = standing.Held,
            Spent = standing.Spent,
            Available = Math.Max(0, Math.Min(standing.Available, (limit ?? long.MaxValue) - standing.Held - standing.Spent)),
        };
    }
}
