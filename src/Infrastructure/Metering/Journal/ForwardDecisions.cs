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
/// <remarks>The journal's own thread alone calls it.</remarks>
internal sealed class ForwardDecisions(JournalMemory memory, BatchWrites writes, CommitThread commits, TimeProvider time)
{
    private readonly List<JournalStep> _decided = [];

    private JournalBatch? _open;

    private TaskCompletionSource _durable = NewBarrier();

    private volatile Task _told = Task.CompletedTask;

    private int _announced;

    /// <summary>How many steps are decided and not yet handed over for their commit.</summary>
    public int Count => _decided.Count;

    /// <summary>Ends when everything is durable whose caller went on before its commit.</summary>
    public Task Told => _told;

    /// <summary>Whether the commit that was under way last failed: then what was decided since counts for nothing.</summary>
    public bool HasFailed => commits is { IsIdle: true, Failure: not null };

    public void Start() => commits.Start();

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
        var batch = _open ??= NewBatch();
        batch.Now = time.GetUtcNow();
        var count = 0;
        while (count < steps.Count && TryDecide(steps[count], batch))
        {
            count++;
        }

        AnnounceEarly();
        return steps[count..];
    }

    /// <summary>Hands what is decided over for its commit, unless another batch is being committed.</summary>
    public void CommitIfIdle()
    {
        if (_decided.Count > 0 && commits is { IsIdle: true, Failure: null })
        {
            Commit();
        }
    }

    /// <summary>Has everything committed that is decided. Where a commit fails, <see cref="HasFailed"/> says so.</summary>
    public void Finish()
    {
        commits.WaitUntilIdle();
        if (commits.Failure is not null)
        {
            return;
        }

        if (_decided.Count > 0)
        {
            Commit();
            commits.WaitUntilIdle();
        }

        // The accounts of a batch are not those that are locked and changed from here on.
        _open = null;
    }

    /// <summary>Gives back every step that is not committed, for somebody else to bring it into the ledger.</summary>
    /// <param name="cause">Why steps could not be decided or handed over; <see langword="null"/> where it is a commit that failed.</param>
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
            cause ?? failed?.Cause ?? throw new InvalidOperationException("No commit failed."),
            failed is null ? [_durable] : [failed.Batch.Durable, _durable]);

        // Callers who were not told yet are told while their steps are committed anew.
        _told = _durable.Task;
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
        if (memory.Accounts.IsFull)
        {
            // What is under way must be committed first: only then is it read as it was decided.
            Finish();
            memory.Accounts.Forget();
        }

        HashSet<AccountKey>? unknown = null;
        foreach (var step in steps)
        {
            if (step.CanRunAhead)
            {
                foreach (var key in AccountsOf(step))
                {
                    if (memory.Accounts.Find(key) is null)
                    {
                        (unknown ??= []).Add(key);
                    }
                }
            }
        }

        if (unknown is not null)
        {
            memory.Accounts.Read(unknown);
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

    private void Commit()
    {
        var batch = _open!;
        memory.Chain.Extend(batch);
        var decided = new DecidedBatch([.. _decided], writes.Of(batch), _durable);
        memory.Holds.Follow(batch);
        Renew();
        commits.Commit(decided);
    }

    private void Renew()
    {
        _decided.Clear();
        _announced = 0;
        _open = null;
        _durable = NewBarrier();
    }
}
