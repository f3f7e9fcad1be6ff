namespace AiPlatform.Domain.Metering;

/// <summary>
/// Money that was booked under a name of its own, a payment's or a gift's: the name is its key, so that what is told or given twice is
/// booked once.
/// </summary>
public sealed class Deposit
{
    /// <summary>Longest reference, in characters.</summary>
    public const int MaxReferenceLength = 255;

    private Deposit()
    {
        Reference = string.Empty;
    }

    /// <summary>Notes that a payment was booked.</summary>
    /// <param name="reference">The outside's name for the payment, 1 to <see cref="MaxReferenceLength"/> characters.</param>
    /// <param name="entry">The entry that booked it.</param>
    /// <param name="balanceAfter">What the account has after it, spent money off and held money not.</param>
    /// <exception cref="ArgumentException">The reference is empty or too long, or the entry gives nothing.</exception>
    public Deposit(string reference, LedgerEntry entry, long balanceAfter)
    {
        ArgumentException.ThrowIfNullOrEmpty(reference);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(reference.Length, MaxReferenceLength, nameof(reference));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(entry.GrantedDelta, nameof(entry));
        (Reference, AccountId, Sequence) = (reference, entry.AccountId, entry.Sequence);
        (Amount, BalanceAfter, CreatedAt) = (entry.GrantedDelta, balanceAfter, entry.CreatedAt);
    }

    /// <summary>The outside's name for the payment.</summary>
    public string Reference { get; private set; }

    /// <summary>The account that it was booked on.</summary>
    public Guid AccountId { get; private set; }

    /// <summary>The number of the entry in its account.</summary>
    public long Sequence { get; private set; }

    /// <summary>How much was booked, in the meter's smallest unit.</summary>
    public long Amount { get; private set; }

    /// <summary>What the account had after it, spent money off and held money not.</summary>
    public long BalanceAfter { get; private set; }

    /// <summary>When it was booked, UTC.</summary>
    public DateTimeOffset CreatedAt { get; private set; }
}
