using System.Security.Cryptography;
using AiPlatform.Domain.Metering;

namespace AiPlatform.Domain.Commerce;

/// <summary>How far a top-up has come.</summary>
public enum TopUpState
{
    /// <summary>It is wanted. Whether the card was charged is not known.</summary>
    Intended = 0,

    /// <summary>The card was charged; the wallet does not have the money yet.</summary>
    Charged = 1,

    /// <summary>The wallet has the money.</summary>
    Credited = 2,

    /// <summary>The card was not charged, or all of it was given back before the wallet had it.</summary>
    Failed = 3,
}

/// <summary>
/// Money that a person pays into their wallet by card. It is written down before the card is charged, so that nothing which happens
/// in between can lose it; what the payment gateway says of the charge always wins over what was concluded without it.
/// </summary>
public sealed class TopUp
{
    /// <summary>Least that is paid in, in US cents.</summary>
    public const int MinCents = 50;

    /// <summary>Most that is paid in at once, in US cents.</summary>
    public const int MaxCents = 100_000;

    /// <summary>Longest name of a charge, in characters.</summary>
    public const int MaxReferenceLength = 255;

    /// <summary>Longest reason of a failure, in characters.</summary>
    public const int MaxFailureLength = 100;

    /// <summary>How long one call has for asking the gateway; no other asks meanwhile.</summary>
    public static readonly TimeSpan Turn = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long the gateway may be asked to charge: it keeps idempotency keys for 24 hours, and would charge again after that.
    /// </summary>
    public static readonly TimeSpan Askable = TimeSpan.FromHours(23);

    /// <summary>How long after the gateway was asked a charge may still come about; one that is not there then never was.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(6);

    private TopUp()
    {
    }

    /// <summary>Writes down that a person wants to pay in, and that the gateway is about to be asked.</summary>
    /// <param name="userId">The person.</param>
    /// <param name="cents">US cents, <see cref="MinCents"/> to <see cref="MaxCents"/>.</param>
    /// <param name="key">What identifies the call; <see langword="null"/> where its caller did not name it.</param>
    /// <param name="requestId">The call.</param>
    /// <param name="now">The time, which also orders the id (UUIDv7).</param>
    /// <exception cref="ArgumentOutOfRangeException">The amount is out of range.</exception>
    public TopUp(Guid userId, long cents, IdempotencyKey? key, Guid requestId, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cents, MinCents);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cents, MaxCents);
        Id = Guid.CreateVersion7(now);
        (UserId, Amount, RequestId) = (userId, cents * MeterUnits.PerCent, requestId);
        (KeyId, Fingerprint) = (key?.Id, key?.Fingerprint.ToArray());
        (CreatedAt, AskedAt, LookAt, IsAsking) = (now, now, now + Turn, true);
    }

    /// <summary>UUIDv7; the gateway's idempotency key is made from it, and the charge carries it.</summary>
    public Guid Id { get; private set; }

    /// <summary>The person.</summary>
    public Guid UserId { get; private set; }

    /// <summary>What is paid in, in nano-USD.</summary>
    public long Amount { get; private set; }

    /// <summary>How far it has come.</summary>
    public TopUpState State { get; private set; }

    /// <summary>Stands for the person and the idempotency key that the caller chose; unique.</summary>
    public Guid? KeyId { get; private set; }

    /// <summary>Stands for what was asked with the key.</summary>
    public byte[]? Fingerprint { get; private set; }

    /// <summary>The call that wanted it first; the ledger's entry carries it.</summary>
    public Guid RequestId { get; private set; }

    /// <summary>The gateway's name for the charge; unique.</summary>
    public string? ChargeId { get; private set; }

    /// <summary>Why the card was not charged, in the gateway's code; never shown to the person.</summary>
    public string? Failure { get; private set; }

    /// <summary>What the wallet had once the money was in it, in nano-USD.</summary>
    public long? BalanceAfter { get; private set; }

    /// <summary>What was given back to the card, in nano-USD.</summary>
    public long Refunded { get; private set; }

    /// <summary>Whether the holder of the card disputed the charge.</summary>
    public bool IsDisputed { get; private set; }

    /// <summary>When it was wanted, UTC.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When the gateway was asked to charge last, UTC.</summary>
    public DateTimeOffset AskedAt { get; private set; }

    /// <summary>Whether the call that asked last has not given its turn back; a process that was killed never does.</summary>
    public bool IsAsking { get; private set; }

    /// <summary>When somebody looks after it next, as long as its outcome is not known, UTC.</summary>
    public DateTimeOffset LookAt { get; private set; }

    /// <summary>When its outcome was known, UTC.</summary>
    public DateTimeOffset? SettledAt { get; private set; }

    /// <summary>What is paid in, in US cents.</summary>
    public long Cents => MeterUnits.ToCents(Amount);

    /// <summary>Whether a call with the same key asked for the same.</summary>
    /// <param name="key">What identifies the other call.</param>
    public bool IsSame(IdempotencyKey key) =>
        Fingerprint is not null && CryptographicOperations.FixedTimeEquals(Fingerprint, key.Fingerprint.Span);

    /// <summary>Whether a call may be asking the gateway now.</summary>
    /// <param name="now">The time.</param>
    public bool IsUnderWay(DateTimeOffset now) => State is TopUpState.Intended && IsAsking && now < AskedAt + Turn;

    /// <summary>Whether the gateway may be asked to charge: it would answer for the charge it has made, and make no second one.</summary>
    /// <param name="now">The time.</param>
    public bool CanAsk(DateTimeOffset now) => State is TopUpState.Intended && !IsUnderWay(now) && now < CreatedAt + Askable;

    /// <summary>Whether a charge that is not there now was never made.</summary>
    /// <param name="now">The time.</param>
    public bool IsSettled(DateTimeOffset now) => now >= AskedAt + Settling;

    /// <summary>Takes the turn to ask the gateway.</summary>
    /// <param name="now">The time.</param>
    /// <exception cref="InvalidOperationException">It may not be asked.</exception>
    public void Ask(DateTimeOffset now)
    {
        if (!CanAsk(now))
        {
            throw new InvalidOperationException($"The gateway may not be asked to charge top-up {Id}.");
        }

        (AskedAt, LookAt, IsAsking) = (now, now + Turn, true);
    }

    /// <summary>Gives the turn back: the gateway gave no answer that settles anything.</summary>
    /// <param name="now">The time.</param>
    public void Leave(DateTimeOffset now) => (IsAsking, LookAt) = (false, now);

    /// <summary>Leaves it for later: nothing new is known.</summary>
    /// <param name="now">The time.</param>
    public void Postpone(DateTimeOffset now)
    {
        var age = now - CreatedAt;
        LookAt = now + (age < Turn ? Turn : age > LongestWait ? LongestWait : age);
    }

    /// <summary>Takes in what the gateway says of a charge that succeeded. Hearing it again, or late, changes nothing but what was given back.</summary>
    /// <param name="chargeId">The gateway's name for the charge.</param>
    /// <param name="refunded">What was given back, in nano-USD.</param>
    /// <param name="isDisputed">Whether its holder disputes it.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="InvalidOperationException">Another charge was made for it.</exception>
    public void Confirm(string chargeId, long refunded, bool isDisputed, DateTimeOffset now)
    {
        ArgumentException.ThrowIfNullOrEmpty(chargeId);
        ArgumentOutOfRangeException.ThrowIfNegative(refunded);
        if (ChargeId is not null && ChargeId != chargeId)
        {
            throw new InvalidOperationException($"Top-up {Id} was charged as {ChargeId}, and again as {chargeId}.");
        }

        // What was given back stays so, whichever of two answers is heard last.
        ChargeId = chargeId;
        Refunded = Math.Max(Refunded, Math.Min(refunded, Amount));
        IsDisputed |= isDisputed;
        if (State is TopUpState.Credited)
        {
            return;
        }

        if (Refunded == Amount)
        {
            (State, Failure, SettledAt) = (TopUpState.Failed, "refunded", now);
        }
        else
        {
            (State, Failure, SettledAt) = (TopUpState.Charged, null, null);
        }
    }

    /// <summary>Notes that the wallet has the money; a second time changes nothing.</summary>
    /// <param name="balanceAfter">What the wallet has, in nano-USD.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="InvalidOperationException">The card was not charged.</exception>
    public void Credit(long balanceAfter, DateTimeOffset now)
    {
        if (State is TopUpState.Credited)
        {
            return;
        }

        if (State is not TopUpState.Charged)
        {
            throw new InvalidOperationException($"Top-up {Id} is {State}, not charged.");
        }

        (State, BalanceAfter, SettledAt) = (TopUpState.Credited, balanceAfter, now);
    }

    /// <summary>Notes that the card was not charged. What is known to be charged stays so.</summary>
    /// <param name="failure">Why, 1 to <see cref="MaxFailureLength"/> characters.</param>
    /// <param name="now">The time.</param>
    public void Fail(string failure, DateTimeOffset now)
    {
        ArgumentException.ThrowIfNullOrEmpty(failure);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(failure.Length, MaxFailureLength, nameof(failure));
        if (State is TopUpState.Intended)
        {
            (State, Failure, SettledAt) = (TopUpState.Failed, failure, now);
        }
    }
}
