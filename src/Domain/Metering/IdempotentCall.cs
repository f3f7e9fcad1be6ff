using System.Security.Cryptography;

namespace AiPlatform.Domain.Metering;

/// <summary>What identifies a call that its caller wants carried out once, however often it is sent.</summary>
/// <param name="Id">Stands for the caller's account and the key that the caller chose; the same on every replica.</param>
/// <param name="Fingerprint">Stands for the route and the body; <see cref="IdempotentCall.FingerprintLength"/> bytes.</param>
public readonly record struct IdempotencyKey(Guid Id, ReadOnlyMemory<byte> Fingerprint);

/// <summary>A call that was carried out and answered in one step, so that it needs no hold.</summary>
/// <param name="RequestId">The call.</param>
/// <param name="UserId">Who called.</param>
/// <param name="Answer">The answer, encrypted; <see langword="null"/> where none can be kept.</param>
/// <param name="At">When, UTC.</param>
public sealed record AnsweredCall(Guid RequestId, Guid UserId, byte[]? Answer, DateTimeOffset At);

/// <summary>The call that has an idempotency key. What became of it, its hold knows; one without a hold was carried out.</summary>
public sealed class IdempotentCall
{
    /// <summary>Length of a fingerprint, in bytes.</summary>
    public const int FingerprintLength = 32;

    private IdempotentCall()
    {
        Fingerprint = [];
    }

    /// <summary>Gives a key to a call.</summary>
    /// <param name="key">The key.</param>
    /// <param name="hold">The hold of the call.</param>
    /// <param name="lifetime">How long the answer is kept.</param>
    public IdempotentCall(IdempotencyKey key, Hold hold, TimeSpan lifetime)
        : this()
    {
        Id = key.Id;
        TakeOver(key, hold, lifetime);
    }

    /// <summary>Gives a key to a call that was carried out.</summary>
    /// <param name="key">The key.</param>
    /// <param name="answered">The call.</param>
    /// <param name="lifetime">How long the answer is kept.</param>
    public IdempotentCall(IdempotencyKey key, AnsweredCall answered, TimeSpan lifetime)
        : this()
    {
        Id = key.Id;
        TakeOver(key, answered, lifetime);
    }

    /// <summary>See <see cref="IdempotencyKey.Id"/>.</summary>
    public Guid Id { get; private set; }

    /// <summary>See <see cref="IdempotencyKey.Fingerprint"/>.</summary>
    public byte[] Fingerprint { get; private set; }

    /// <summary>Who called.</summary>
    public Guid UserId { get; private set; }

    /// <summary>The call.</summary>
    public Guid RequestId { get; private set; }

    /// <summary>The hold of the call; <see langword="null"/> where it was carried out and answered in one step.</summary>
    public Guid? HoldId { get; private set; }

    /// <summary>The answer, encrypted; <see langword="null"/> as long as there is none, and where none can be kept.</summary>
    public byte[]? Answer { get; private set; }

    /// <summary>When the key was taken, UTC.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When the key is free again, provided that the outcome of the call is known, UTC.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>
    /// Whether another call may take the key: the call failed and was charged nothing, or its answer is not kept any longer. A
    /// call that was answered keeps its key whatever became of the hold that it left, and one whose outcome is unknown does.
    /// </summary>
    /// <param name="outcome">The state of the call's hold; <see langword="null"/> where it has none.</param>
    /// <param name="now">The time.</param>
    public bool IsFree(HoldState? outcome, DateTimeOffset now) =>
        outcome is null or HoldState.Released or HoldState.Captured && (ExpiresAt <= now || (outcome is HoldState.Released && Answer is null));

    /// <summary>Whether a call is the same as this one: its route and its body.</summary>
    /// <param name="key">The key that both carry.</param>
    public bool IsSame(IdempotencyKey key) => CryptographicOperations.FixedTimeEquals(Fingerprint, key.Fingerprint.Span);

    /// <summary>Gives a key that is free to another call.</summary>
    /// <param name="key">The key.</param>
    /// <param name="hold">The hold of that call.</param>
    /// <param name="lifetime">How long the answer is kept.</param>
    public void TakeOver(IdempotencyKey key, Hold hold, TimeSpan lifetime)
    {
        TakeOver(key, new AnsweredCall(hold.RequestId, hold.UserId, null, hold.CreatedAt), lifetime);
        HoldId = hold.Id;
    }

    /// <summary>Gives a key that is free to another call that was carried out.</summary>
    /// <param name="key">The key.</param>
    /// <param name="answered">That call.</param>
    /// <param name="lifetime">How long the answer is kept.</param>
    public void TakeOver(IdempotencyKey key, AnsweredCall answered, TimeSpan lifetime)
    {
        if (key.Id != Id || key.Fingerprint.Length != FingerprintLength)
        {
            throw new ArgumentException("It is another key, or none.", nameof(key));
        }

        Fingerprint = key.Fingerprint.ToArray();
        (UserId, RequestId, HoldId, Answer) = (answered.UserId, answered.RequestId, null, answered.Answer);
        (CreatedAt, ExpiresAt) = (answered.At, answered.At + lifetime);
    }

    /// <summary>Keeps the answer.</summary>
    /// <param name="holdId">The hold of the call that is answered.</param>
    /// <param name="answer">The answer, encrypted.</param>
    public void Keep(Guid holdId, byte[] answer)
    {
        if (holdId != HoldId)
        {
            throw new InvalidOperationException($"The key belongs to hold {HoldId}, not {holdId}.");
        }

        Answer = answer;
    }
}
