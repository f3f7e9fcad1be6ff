using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Metering.Journal.Storage;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>
/// Decides steps on what this process remembers of the ledger, while the batch before them is committed. Every row that they change
/// is guarded by the state in which it is remembered: where somebody else changed one, the commit fails, and the steps are decided anew.
/// </summary>
/// <remarks>
/// A caller's own thread decides its step, unless others wait for the journal's thread: then the step follows them. What callers,
/// the journal's thread and the thread of the commits look at together, they look at under one lock.
/// </remarks>
internal sealed class ForwardDecisions(
    JournalMemory memory, BatchWrites writes, CommitThread commits, TimeProvider time, IOptions<MeteringOptions> options)
{
    private readonly MeteringOptions _options = options.Value;

    private readonly Lock _gate = new();

    private readonly List<JournalStep> _decided = [];

    private JournalBatch? _open;

    private TaskCompletionSource _durable = NewBarrier();

    private volatile Task _told = Task.CompletedTask;

    private Exception? _failure;

    // Decided steps whose callers wait for their commit.
    private int _awaited;

    // Whether the thread of the commits waits for more, since nobody waits for what is decided.
    private bool _lingers;

    // Steps that wait for the journal's thread or are with it, and whatever else it does alone.
    private int _before;

    /// <summary>How many more steps the next batch may have. While steps are left to the journal's thread, it grows alone.</summary>
    public int Room
    {
        get
        {
            lock (_gate)
            {
                return _options.MaxBatch - _decided.Count;
            }
        }
    }

    /// <summary>Ends when everything is durable whose caller went on before its commit, which is not put off any more.</summary>
    public Task CatchUpAsync(CancellationToken cancellationToken)
    {
        if (_told is { IsCompleted: false } told)
        {
            Hurry();
            return told.WaitAsync(cancellationToken);
        }

        return Task.CompletedTask;
    }

    /// <summary>Whether the commit that was under way last, or what would follow it, failed: then what was decided since counts for nothing.</summary>
    public bool HasFailed => commits.IsIdle && (_failure ?? commits.Failure?.Cause) is not null;

    public void Start() => commits.Start(TakeDecided);

    /// <summary>Ends the thread of the commits. Everything must be committed.</summary>
    public void Stop() => commits.Stop();

    /// <summary>
    /// Decides a caller's step on the caller's thread, where nothing comes before it and it need not be decided under locks. Else it is for
    /// the journal's thread, which says so when it has done with it (<see cref="Reopen"/>), or for whoever could not hand it over.
    /// </summary>
    public bool TryDecide(JournalStep step)
    {
        lock (_gate)
        {
            if (!IsOpen || !TryDecideNext(step))
            {
                _before++;
                Hurry();
                return false;
            }

            if (step.CompletesEarly)
            {
                _told = _durable.Task;
            }

            WakeCommits();
        }

        if (step.CompletesEarly)
        {
            step.Complete();
        }

        return true;
    }

    /// <summary>Leaves every step to the journal's thread until <see cref="Reopen"/>.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _before++;
        }
    }

    /// <summary>The journal's thread has done with as many steps, or with what it did alone.</summary>
    public void Reopen(int count)
    {
        lock (_gate)
        {
            _before -= count;
        }
    }

    /// <summary>Decides steps that were left to the journal's thread in order, up to the first that must be decided under locks.</summary>
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
            var first = _decided.Count;
            var count = 0;
            while (count < steps.Count && TryDecideNext(steps[count]))
            {
                count++;
            }

            AnnounceEarly(_decided[first..]);
            WakeCommits();
            return steps[count..];
        }
    }

    /// <summary>Has everything committed that is decided. Where a commit fails, <see cref="HasFailed"/> says so.</summary>
    public void Finish()
    {
        Hurry();
        commits.WaitUntilIdle();

        // The accounts of a batch are not those that are locked and changed from here on.
        _open = null;
    }

    /// <summary>Gives back every step that is not committed, for somebody else to bring it into the ledger, after <see cref="HasFailed"/> said so.</summary>
    public UncommittedSteps TakeBack()
    {
        commits.WaitUntilIdle();
        var failed = commits.Failure;
        commits.ClearFailure();
        if (failed?.Cause is StaleRowException)
        {
            memory.Accounts.DistrustForAWhile();
        }

        var uncommitted = new UncommittedSteps(
            [.. failed?.Batch.Steps ?? [], .. _decided],
            failed?.Cause ?? _failure ?? throw new InvalidOperationException("Nothing failed."),
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

    /// <summary>Whether callers decide for themselves.</summary>
    private bool IsOpen => _before == 0 && commits.Failure is null && _decided.Count < _options.MaxBatch && memory.Accounts.AreTrusted;

    /// <summary>Decides the step that comes next, unless it must be decided under locks.</summary>
    private bool TryDecideNext(JournalStep step)
    {
        if (_failure is not null || !step.CanRunAhead)
        {
            return false;
        }

        var batch = _open ??= NewBatch();
        batch.Now = time.GetUtcNow();
        try
        {
            if (!memory.TryInclude(step, batch))
            {
                return false;
            }

            step.Decide(batch);
        }
        catch (InvalidOperationException)
        {
            // Refused on what is remembered; under locks it may be another matter.
            return false;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Nobody knows what the step left behind: all is decided anew that is not taken for its commit yet.
            _failure = failure;
            return false;
        }

        if (step.IsEffective)
        {
            _decided.Add(step);
            _awaited += step.CompletesEarly ? 0 : 1;
        }

        return step.IsEffective;
    }

    private void ReadUnknown(List<JournalStep> steps)
    {
        if (memory.Accounts.IsFull)
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
            return [.. steps.Where(step => step.CanRunAhead).SelectMany(memory.AccountsOf).Where(key => memory.Accounts.Find(key) is null)];
        }
    }

    private void AnnounceEarly(List<JournalStep> decided)
    {
        if (decided.Exists(step => step.CompletesEarly))
        {
            _told = _durable.Task;
            JournalWriter.AnnounceEarly(decided);
        }
    }

    private void WakeCommits()
    {
        if (_decided.Count > 0 && commits is { IsIdle: true, Failure: null })
        {
            commits.Wake();
        }
        else if (_awaited > 0)
        {
            Hurry();
        }
    }

    private void Hurry()
    {
        lock (_gate)
        {
            if (_lingers)
            {
                _lingers = false;
                commits.Hurry();
            }
        }
    }

    /// <summary>What is decided, for its commit; <see langword="null"/> where it is nothing, and then the commits are idle.</summary>
    private DecidedBatch? TakeDecided()
    {
        WaitForMore();
        lock (_gate)
        {
            _lingers = false;
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

            commits.Rest(_failure is not null);
            return null;
        }
    }

    // The thread of the commits waits: whoever is decided meanwhile comes along.
    private void WaitForMore()
    {
        if (_options.BatchWindow > TimeSpan.Zero)
        {
            if (Room is var room && room > 0 && room < _options.MaxBatch)
            {
                commits.Linger(_options.BatchWindow);
            }
        }
        else if (MayLinger())
        {
            commits.Linger(CommitThread.Patience);
        }
    }

    private bool MayLinger()
    {
        lock (_gate)
        {
            return _lingers = _decided.Count > 0 && _decided.Count < _options.MaxBatch && _awaited == 0 && _before == 0 && _failure is null;
        }
    }

    private DecidedBatch Seal()
    {
        var batch = _open!;
        var decided = new DecidedBatch([.. _decided], batch, writes.Changing(batch), _durable);
        memory.Holds.Follow(batch);
        Renew();
        return decided;
    }

    private void Renew()
    {
        _decided.Clear();
        _awaited = 0;
        _open = null;
        _durable = NewBarrier();
    }
}
