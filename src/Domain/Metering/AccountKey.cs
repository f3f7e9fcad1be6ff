namespace AiPlatform.Domain.Metering;

/// <summary>What kind of thing owns a ledger account.</summary>
public enum OwnerKind
{
    /// <summary>A user.</summary>
    User = 0,

    /// <summary>An API key.</summary>
    ApiKey = 1,

    /// <summary>A team.</summary>
    Team = 2,
}

/// <summary>Names a ledger account: whose, of what, for which period.</summary>
/// <param name="OwnerKind">The kind of owner.</param>
/// <param name="OwnerId">The owner.</param>
/// <param name="Meter">What is counted.</param>
/// <param name="Period">The period.</param>
public readonly record struct AccountKey(OwnerKind OwnerKind, Guid OwnerId, Meter Meter, Period Period)
    : IComparable<AccountKey>
{
    /// <summary>A user's credits of one month.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="month">The month.</param>
    public static AccountKey MonthlyCredits(Guid userId, CalendarMonth month) =>
        new(OwnerKind.User, userId, Meter.Credits, Period.Of(month));

    /// <summary>The order in which accounts are locked, the same everywhere, so that no two calls wait for each other.</summary>
    /// <param name="other">The account to compare with.</param>
    public int CompareTo(AccountKey other) =>
        (OwnerKind, OwnerId, Meter, Period).CompareTo((other.OwnerKind, other.OwnerId, other.Meter, other.Period));

    /// <summary>Orders by <see cref="CompareTo"/>.</summary>
    public static bool operator <(AccountKey left, AccountKey right) => left.CompareTo(right) < 0;

    /// <summary>Orders by <see cref="CompareTo"/>.</summary>
    public static bool operator >(AccountKey left, AccountKey right) => left.CompareTo(right) > 0;

    /// <summary>Orders by <see cref="CompareTo"/>.</summary>
    public static bool operator <=(AccountKey left, AccountKey right) => left.CompareTo(right) <= 0;

    /// <summary>Orders by <see cref="CompareTo"/>.</summary>
    public static bool operator >=(AccountKey left, AccountKey right) => left.CompareTo(right) >= 0;
}
