using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Metering.Journal.Storage;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>Steps that were decided and are not in the ledger, unless a commit was cut off.</summary>
/// <param name="Steps">The steps, in the order in which they were decided.</param>
/// <param name="Cause">Why they are not committed.</param>
/// <param name="Durable">To be ended when the fate of every step is known.</param>
internal sealed record UncommittedSteps(List<JournalStep> Steps, Exception Cause, List<TaskCompletionSource> Durable);

/// <summary>
/// Decides steps on what this process remembers of the ledger, while the batch before them is committed. Every row that they change
/// is guarded by the state in which it is remembered: where somebody else changed one, the commit fails, and the steps are decided anew.
/// </summary>
/// <remarks>
/// The journal's own thread alone calls it. The thread of the commits takes what is decided when it has committed what it took before,
/// so the lock lies on all that both look at.
/// </remarks>
internal sealed class ForwardDecisions(JournalMemory memory, BatchWrites writes, CommitThread commits, TimeProvider time)
{
    private readonly Lock _gate = new();

    private readonly List<JournalStep> _decided = [];

    private JournalBatch? _open;

    private TaskCompletionSource _durable = NewBarrier();

    private volatile Task _told = Task.CompletedTask;

    private int _announced;

    private Exception? _failure;

    /// <summary>How many steps are decided and not yet taken for their commit.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _decided.Count;
            }
        }
    }

    /// <summary>Ends when everything is durable whose caller went on before its commit.</summary>
    public Task Told => _told;

    /// <summary>Whether the commit that was under way last, or what would follow it, failed: then what was decided since counts for nothing.</summary>
    public bool HasFailed => commits.IsIdle && (_failure ?? commits.Failure?.Cause) is not null;

    public void Start() => commits.Start(TakeDecided);

    /// <summary>Ends the thread of the commits. Everything must be committed.</summary>
    public void Stop() => commits.Stop();

    /// <summary>Decides steps in order, up to the first that must be decided under locks.</summary>
    /// <returns>That one and those after it.</returns>
    public List<JournalStep> Decide(List<JournalStep> steps)
    {
        if (!memory.Accounts.AreTrusted)
        {
            return [.. steps];
        }

        ReadUnknown(steps);
        lock (_gate)
        {
            try
            {
                var count = DecideInOrder(steps);
                AnnounceEarly();
                WakeCommits();
                return steps[count..];
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                // Whoever catches it takes all back that is not committed; nothing more must be committed meanwhile.
                _failure = failure;
                throw;
            }
        }
    }

    /// <summary>Has everything committed that is decided. Where a commit fails, <see cref="HasFailed"/> says so.</summary>
    public void Finish()
    {
        commits.WaitUntilIdle();

        // The accounts of a batch are not those that are locked and changed from here on.
        _open = null;
    }

    /// <summary>Gives back every step that is not committed, for somebody else to bring it into the ledger.</summary>
    /// <param name="cause">Why steps could not be decided; <see langword="null"/> where <see cref="HasFailed"/> said so.</param>
    /// <param name="undecided">Those steps, of which some may be decided.</param>
    public UncommittedSteps TakeBack(Exception? cause, List<JournalStep> undecided)
    {
        commits.WaitUntilIdle();
        var failed = commits.Failure;
        commits.ClearFailure();
        if (failed?.Cause is StaleRowException)
        {
            memory.Accounts.DistrustForAWhile();
        }

        var uncommitted = new UncommittedSteps(
            [.. failed?.Batch.Steps ?? [], .. _decided, .. undecided.Except(_decided)],
            cause ?? failed?.Cause ?? _failure ?? throw new InvalidOperationException("Nothing failed."),
            failed is null ? [_durable] : [failed.Batch.Durable, _durable]);

        // Callers who were not told yet are told while their steps are committed anew.
        _told = _durable.Task;
        _failure = null;
        Renew();
        memory.Forget();
        return uncommitted;
    }

    /// <summary>Notes that callers are about to be told of steps which somebody else commits.</summary>
    public TaskCompletionSource Tell()
    {
        var durable = NewBarrier();
        _told = durable.Task;
        return durable;
    }

    private static TaskCompletionSource NewBarrier() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Nothing that carries an idempotency key is decided here.
    private JournalBatch NewBatch()
    {
        var now = time.GetUtcNow();
        return new JournalBatch(new IdempotentCalls(now)) { Now = now };
    }

    private int DecideInOrder(List<JournalStep> steps)
    {
        var batch = _open ??= NewBatch();
        batch.Now = time.GetUtcNow();
        var count = 0;
        while (count < steps.Count && TryDecide(steps[count], batch))
        {
            count++;
        }

        return count;
    }

    private bool TryDecide(JournalStep step, JournalBatch batch)
    {
        if (!step.CanRunAhead || !TryInclude(step, batch))
        {
            return false;
        }

        try
        {
            step.Decide(batch);
        }
        catch (InvalidOperationException)
        {
            // Refused on what is remembered; under locks it may be another matter.
            return false;
        }

        if (step.IsEffective)
        {
            _decided.Add(step);
        }

        return step.IsEffective;
    }

    private bool TryInclude(JournalStep step, JournalBatch batch)
    {
        foreach (var (key, _) in step.Accounts)
        {
            if (!TryInclude(key, batch))
            {
                return false;
            }
        }

        foreach (var id in step.SettledHolds)
        {
            if (!memory.Holds.TryFind(id, out var hold) || !hold.Accounts.All(key => TryInclude(key, batch)))
            {
                return false;
            }

            batch.Include(hold.Hold);
        }

        return true;
    }

    // An account that nothing was booked on is due its period's grant, which is booked under its lock.
    private bool TryInclude(AccountKey key, JournalBatch batch)
    {
        if (memory.Accounts.Find(key) is not { IsNew: false } account)
        {
            return false;
        }

        batch.Include(account);
        return true;
    }

    private void ReadUnknown(List<JournalStep> steps)
    {
        if (memory.Accounts.Count > KnownAccounts.MaxCount)
        {
            // What is under way must be committed first: only then is it read as it was decided.
            Finish();
            memory.Accounts.Forget();
        }

        if (UnknownTo(steps) is { Count: > 0 } unknown)
        {
            memory.Accounts.Read(unknown);
        }
    }

    private HashSet<AccountKey> UnknownTo(List<JournalStep> steps)
    {
        lock (_gate)
        {
            return [.. steps.Where(step => step.CanRunAhead).SelectMany(AccountsOf).Where(key => memory.Accounts.Find(key) is null)];
        }
    }

    private IEnumerable<AccountKey> AccountsOf(JournalStep step) => step.Accounts
        .Select(touched => touched.Key)
        .Concat(step.SettledHolds.SelectMany(id => memory.Holds.TryFind(id, out var hold) ? hold.Accounts : []));

    private void AnnounceEarly()
    {
        var early = _decided.GetRange(_announced, _decided.Count - _announced);
        _announced = _decided.Count;
        if (early.Exists(step => step.CompletesEarly))
        {
            _told = _durable.Task;
            JournalWriter.AnnounceEarly(early);
        }
    }

    private void WakeCommits()
    {
        if (_decided.Count > 0 && commits is { IsIdle: true, Failure: null })
        {
            commits.Wake();
        }
    }

    /// <summary>What is decided, for its commit; <see langword="null"/> where it is nothing, and then the commits are idle.</summary>
    private DecidedBatch? TakeDecided()
    {
        lock (_gate)
        {
            if (_decided.Count > 0 && commits.Failure is null && _failure is null)
            {
                try
                {
                    return Seal();
                }
                catch (Exception failure) when (failure is not OutOfMemoryException)
                {
                    _failure = failure;
                }
            }

            commits.Rest();
            return null;
        }
    }

    private DecidedBatch Seal()
    {
        var batch = _open!;
        memory.Chain.Extend(batch);
        var decided = new DecidedBatch([.. _decided], writes.Of(batch), _durable);
        memory.Holds.Follow(batch);
        Renew();
        return decided;
    }

    private void Renew()
    {
        _decided.Clear();
        _announced = 0;
        _open = null;
        _durable = NewBarrier();
    }
}
