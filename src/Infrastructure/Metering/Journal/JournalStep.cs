using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>An account that a step touches.</summary>
/// <param name="Key">The account.</param>
/// <param name="OpeningGrant">What it is granted when this step is the first of its period.</param>
internal readonly record struct TouchedAccount(AccountKey Key, long OpeningGrant);

/// <summary>One durable step of the ledger, waiting for the commit that it becomes part of.</summary>
internal abstract class JournalStep
{
    /// <summary>The request that caused the step.</summary>
    public abstract Guid RequestId { get; }

    /// <summary>The accounts that the step touches by name.</summary>
    public virtual IReadOnlyList<TouchedAccount> Accounts => [];

    /// <summary>The holds that the step settles, or may settle.</summary>
    public virtual IReadOnlyList<Guid> SettledHolds => [];

    /// <summary>The idempotency key that the step takes, or whose answer it keeps.</summary>
    public virtual Guid? IdempotencyKey => null;

    /// <summary>
    /// Whether the step writes the holds that it settles, whatever state they are in: then the write itself finds out where somebody
    /// else was first. A step that may leave a hold as it is must see it as it is.
    /// </summary>
    public virtual bool AlwaysSettles => false;

    /// <summary>
    /// Whether the step may be decided on what this process remembers of the ledger, while other steps are being committed. It must
    /// change every account and every hold that it looks at, so that the write itself finds out where somebody else was first.
    /// </summary>
    public virtual bool CanRunAhead => false;

    /// <summary>Whether the step, decided, changes what it looked at. Where it does not, what was only remembered settles nothing.</summary>
    public virtual bool IsEffective => true;

    /// <summary>Whether the caller goes on when the step is decided, before its commit: what it settles is durable already.</summary>
    public bool CompletesEarly { get; init; }

    /// <summary>Decides in memory. It changes the batch only when it cannot fail any more.</summary>
    public abstract void Decide(JournalBatch batch);

    /// <summary>
    /// Whether an earlier attempt, whose commit was cut off, brought the step into the ledger after all; if so the step takes
    /// its outcome from there.
    /// </summary>
    public abstract bool WasCommitted(AppDbContext db);

    /// <summary>The caller goes on, because the commit is durable or the step does not wait for it. Once is enough.</summary>
    public abstract void Complete();

    /// <summary>The step is not part of the ledger: the caller learns why.</summary>
    public abstract void Fail(Exception failure);
}

/// <summary>A step with an outcome that its caller waits for.</summary>
internal abstract class JournalStep<T> : JournalStep
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private T _outcome = default!;

    public Task<T> Outcome => _completion.Task;

    /// <summary>What was decided last.</summary>
    protected T Decided => _outcome;

    public sealed override void Decide(JournalBatch batch) => _outcome = DecideOutcome(batch);

    public sealed override void Complete() => _completion.TrySetResult(_outcome);

    public sealed override void Fail(Exception failure) => _completion.TrySetException(failure);

    /// <summary>Takes an outcome that was found in the ledger.</summary>
    protected bool Conclude(T outcome)
    {
        _outcome = outcome;
        return true;
    }

    protected abstract T DecideOutcome(JournalBatch batch);
}
