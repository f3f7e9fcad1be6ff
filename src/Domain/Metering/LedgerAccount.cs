namespace AiPlatform.Domain.Metering;

/// <summary>
/// What an owner may spend of one meter in one period: <c>available = granted − held − spent</c>, never below zero.
/// </summary>
public sealed class LedgerAccount
{
    /// <summary>Most that an account can be granted altogether, in the meter's smallest unit: a billion US dollars of money.</summary>
    public const long MaxGranted = 1_000_000_000 * MeterUnits.PerDollar;

    private LedgerAccount()
    {
    }

    /// <summary>Opens an empty account.</summary>
    /// <param name="key">Whose, of what, for which period.</param>
    /// <param name="now">The time of opening.</param>
    public LedgerAccount(AccountKey key, DateTimeOffset now)
    {
        Id = Guid.CreateVersion7(now);
        (OwnerKind, OwnerId, Meter, Period) = key;
        CreatedAt = now;
    }

    /// <summary>UUIDv7.</summary>
    public Guid Id { get; private set; }

    /// <summary>The kind of owner.</summary>
    public OwnerKind OwnerKind { get; private set; }

    /// <summary>The owner.</summary>
    public Guid OwnerId { get; private set; }

    /// <summary>What is counted.</summary>
    public Meter Meter { get; private set; }

    /// <summary>The period.</summary>
    public Period Period { get; private set; }

    /// <summary>Everything given for the period, in the meter's smallest unit.</summary>
    public long Granted { get; private set; }

    /// <summary>Set aside for calls under way.</summary>
    public long Held { get; private set; }

    /// <summary>Paid for calls that are over.</summary>
    public long Spent { get; private set; }

    /// <summary>How many entries the account has.</summary>
    public long EntryCount { get; private set; }

    /// <summary>When the account was opened, UTC.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>What can still be held.</summary>
    public long Available => Granted - Held - Spent;

    /// <summary>Whether nothing was ever booked, so that the period's grant is still due.</summary>
    public bool IsNew => EntryCount == 0;

    /// <summary>The account's name.</summary>
    public AccountKey Key => new(OwnerKind, OwnerId, Meter, Period);

    /// <summary>An account as the ledger has it.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="key">Its name.</param>
    /// <param name="standing">Its sums.</param>
    /// <param name="createdAt">When it was opened, UTC.</param>
    public static LedgerAccount Restore(Guid id, AccountKey key, AccountStanding standing, DateTimeOffset createdAt)
    {
        var account = new LedgerAccount(key, createdAt) { Id = id };
        (account.Granted, account.Held, account.Spent, account.EntryCount) = standing;
        return account;
    }

    /// <summary>Whether <paramref name="amount"/> can be given on top.</summary>
    /// <param name="amount">Zero or more.</param>
    public bool CanGrant(long amount) => amount <= MaxGranted - Granted;

    /// <summary>Gives funds for the period.</summary>
    /// <param name="amount">Zero or more.</param>
    /// <param name="cause">What caused it.</param>
    /// <param name="now">The time of the entry.</param>
    public LedgerEntry Grant(long amount, EntryCause cause, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(amount);
        return Book(EntryKind.Grant, new LedgerDelta(amount, 0, 0), cause, now);
    }

    /// <summary>Whether <paramref name="amount"/> can be held.</summary>
    /// <param name="amount">Zero or more.</param>
    public bool CanHold(long amount) => amount <= Available;

    /// <summary>Sets funds aside for a call.</summary>
    /// <param name="amount">More than zero and no more than <see cref="Available"/>.</param>
    /// <param name="cause">What caused it.</param>
    /// <param name="now">The time of the entry.</param>
    public LedgerEntry Hold(long amount, EntryCause cause, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(amount);
        return Book(EntryKind.Hold, new LedgerDelta(0, amount, 0), cause, now);
    }

    /// <summary>Spends a hold: <paramref name="amount"/> is paid, the rest is given back.</summary>
    /// <param name="held">What was held.</param>
    /// <param name="amount">What is paid, zero to <paramref name="held"/>.</param>
    /// <param name="cause">What caused it.</param>
    /// <param name="now">The time of the entry.</param>
    public LedgerEntry Capture(long held, long amount, EntryCause cause, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(amount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(amount, held);
        return Book(EntryKind.Capture, new LedgerDelta(0, -held, amount), cause, now);
    }

    /// <summary>Gives a hold back.</summary>
    /// <param name="held">What was held.</param>
    /// <param name="cause">What caused it.</param>
    /// <param name="now">The time of the entry.</param>
    public LedgerEntry Release(long held, EntryCause cause, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(held);
        return Book(EntryKind.Release, new LedgerDelta(0, -held, 0), cause, now);
    }

    /// <summary>Makes <see cref="Available"/> exactly <paramref name="available"/>, whatever is held or spent.</summary>
    /// <param name="available">What the owner can spend from now on, zero or more.</param>
    /// <param name="cause">What caused it.</param>
    /// <param name="now">The time of the entry.</param>
    public LedgerEntry AdjustTo(long available, EntryCause cause, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(available);
        return Book(EntryKind.Adjust, new LedgerDelta(available - Available, 0, 0), cause, now);
    }

    /// <summary>
    /// Makes <see cref="Granted"/> what a changed limit says. What is held or spent already stays so: where that is more, the
    /// grant becomes exactly that, and nothing more can be held.
    /// </summary>
    /// <param name="granted">What the limit grants from now on, zero or more.</param>
    /// <param name="cause">What caused it.</param>
    /// <param name="now">The time of the entry.</param>
    /// <returns>The entry; <see langword="null"/> where nothing changes.</returns>
    public LedgerEntry? Regrant(long granted, EntryCause cause, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(granted);
        var delta = Math.Max(granted, Held + Spent) - Granted;
        return delta == 0 ? null : Book(EntryKind.Adjust, new LedgerDelta(delta, 0, 0), cause, now);
    }

    /// <summary>Takes back what is left; what is held stays held, and is paid or given back as it would have been.</summary>
    /// <param name="cause">What caused it.</param>
    /// <param name="now">The time of the entry.</param>
    /// <returns>The entry; <see langword="null"/> where nothing is left.</returns>
    public LedgerEntry? Expire(EntryCause cause, DateTimeOffset now) =>
        Available == 0 ? null : Book(EntryKind.Expire, new LedgerDelta(-Available, 0, 0), cause, now);

    private LedgerEntry Book(EntryKind kind, LedgerDelta delta, EntryCause cause, DateTimeOffset now)
    {
        var (granted, held, spent) = checked((Granted + delta.Granted, Held + delta.Held, Spent + delta.Spent));
        if (held < 0 || spent < 0 || checked(granted - held - spent) < 0)
        {
            throw new InvalidOperationException($"A {kind} would overdraw account {Id}.");
        }

        (Granted, Held, Spent) = (granted, held, spent);
        EntryCount++;
        return new LedgerEntry(this, kind, delta, cause, now);
    }
}

/// <summary>The sums of an account.</summary>
/// <param name="Granted">Everything given for the period, in the meter's smallest unit.</param>
/// <param name="Held">Set aside for calls under way.</param>
/// <param name="Spent">Paid for calls that are over.</param>
/// <param name="EntryCount">How many entries led there.</param>
public readonly record struct AccountStanding(long Granted, long Held, long Spent, long EntryCount);
