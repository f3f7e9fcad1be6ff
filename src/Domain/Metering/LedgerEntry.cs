using AiPlatform.Domain.Shared;

namespace AiPlatform.Domain.Metering;

/// <summary>What an entry does to its account. The other side is always the platform's own account.</summary>
public enum EntryKind
{
    /// <summary>Funds given for the period.</summary>
    Grant = 0,

    /// <summary>Funds set aside for a call.</summary>
    Hold = 1,

    /// <summary>A hold spent, in whole or in part.</summary>
    Capture = 2,

    /// <summary>A hold given back.</summary>
    Release = 3,

    /// <summary>A correction by an administrator.</summary>
    Adjust = 4,

    /// <summary>What was left is taken back.</summary>
    Expire = 5,
}

/// <summary>What caused an entry.</summary>
/// <param name="RequestId">The request that caused it.</param>
/// <param name="HoldId">The hold that it belongs to.</param>
/// <param name="PriceVersionId">The price that was applied.</param>
/// <param name="ActorId">The administrator who ordered it.</param>
/// <param name="Reason">Why the administrator ordered it; at most <see cref="LedgerEntry.MaxReasonLength"/> characters.</param>
public readonly record struct EntryCause(
    Guid RequestId, Guid? HoldId = null, Guid? PriceVersionId = null, Guid? ActorId = null, string? Reason = null);

/// <summary>One change of one account: append-only, never updated or deleted.</summary>
/// <remarks>The sums of the three deltas over an account's entries are that account's <c>granted</c>, <c>held</c> and <c>spent</c>.</remarks>
public sealed class LedgerEntry
{
    /// <summary>Longest reason, in characters.</summary>
    public const int MaxReasonLength = 200;

    private LedgerEntry()
    {
    }

    internal LedgerEntry(LedgerAccount account, EntryKind kind, LedgerDelta delta, EntryCause cause, DateTimeOffset now)
    {
        Id = EntityIds.New(now);
        AccountId = account.Id;
        Sequence = account.EntryCount;
        Kind = kind;
        (GrantedDelta, HeldDelta, SpentDelta) = delta;
        AvailableAfter = account.Available;
        RequestId = cause.RequestId;
        HoldId = cause.HoldId;
        PriceVersionId = cause.PriceVersionId;
        ActorId = cause.ActorId;
        Reason = cause.Reason;
        CreatedAt = now;
    }

    /// <summary>UUIDv7.</summary>
    public Guid Id { get; private set; }

    /// <summary>The account that changed.</summary>
    public Guid AccountId { get; private set; }

    /// <summary>1, 2, 3, … within the account: a gap shows.</summary>
    public long Sequence { get; private set; }

    /// <summary>What happened.</summary>
    public EntryKind Kind { get; private set; }

    /// <summary>Change of what was granted, in the meter's smallest unit.</summary>
    public long GrantedDelta { get; private set; }

    /// <summary>Change of what is set aside, in the meter's smallest unit.</summary>
    public long HeldDelta { get; private set; }

    /// <summary>Change of what is spent, in the meter's smallest unit.</summary>
    public long SpentDelta { get; private set; }

    /// <summary>What the account could still spend after this entry.</summary>
    public long AvailableAfter { get; private set; }

    /// <summary>The request that caused the entry.</summary>
    public Guid RequestId { get; private set; }

    /// <summary>The hold that the entry belongs to.</summary>
    public Guid? HoldId { get; private set; }

    /// <summary>The price that was applied.</summary>
    public Guid? PriceVersionId { get; private set; }

    /// <summary>The administrator who ordered the entry.</summary>
    public Guid? ActorId { get; private set; }

    /// <summary>Why the administrator ordered it.</summary>
    public string? Reason { get; private set; }

    /// <summary>When the entry was made, UTC.</summary>
    public DateTimeOffset CreatedAt { get; private set; }
}

/// <summary>The change of an account's three sums.</summary>
/// <param name="Granted">Change of what was granted.</param>
/// <param name="Held">Change of what is set aside.</param>
/// <param name="Spent">Change of what is spent.</param>
public readonly record struct LedgerDelta(long Granted, long Held, long Spent);
