namespace AiPlatform.Domain.Gateway;

/// <summary>A model's answer, kept for later calls of the same account with the same body.</summary>
public sealed class CachedAnswer
{
    private CachedAnswer()
    {
        Sealed = [];
    }

    /// <summary>Keeps an answer.</summary>
    /// <param name="id">Stands for the account, the operation, the model and the body; nothing of them can be read from it.</param>
    /// <param name="userId">The account that paid for the answer.</param>
    /// <param name="requestId">The call that it was the answer to.</param>
    /// <param name="madeAt">When that was; kept to the millisecond.</param>
    /// <param name="lifetime">How long it is kept; more than nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">The lifetime is not positive.</exception>
    public CachedAnswer(Guid id, Guid userId, Guid requestId, DateTimeOffset madeAt, TimeSpan lifetime)
        : this()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        (Id, UserId, RequestId) = (id, userId, requestId);
        MadeAt = DateTimeOffset.FromUnixTimeMilliseconds(madeAt.ToUnixTimeMilliseconds());
        ExpiresAt = MadeAt + lifetime;
    }

    /// <summary>Stands for the account, the operation, the model and the body.</summary>
    public Guid Id { get; private set; }

    /// <summary>The account that paid for the answer.</summary>
    public Guid UserId { get; private set; }

    /// <summary>The call that it was the answer to.</summary>
    public Guid RequestId { get; private set; }

    /// <summary>When that was, UTC.</summary>
    public DateTimeOffset MadeAt { get; private set; }

    /// <summary>When it is no longer given, UTC.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>The answer and what it cost, encrypted.</summary>
    public byte[] Sealed { get; private set; }

    /// <summary>Takes the encrypted answer.</summary>
    /// <param name="content">The answer, encrypted.</param>
    public void Enclose(byte[] content) => Sealed = content;

    /// <summary>Whether it may be given to a caller.</summary>
    /// <param name="userId">The caller's account.</param>
    /// <param name="lifetime">How old an answer the caller's key takes.</param>
    /// <param name="now">The time.</param>
    public bool IsFor(Guid userId, TimeSpan lifetime, DateTimeOffset now) => UserId == userId && now < ExpiresAt && now < MadeAt + lifetime;
}
