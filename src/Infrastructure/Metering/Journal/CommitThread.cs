using AiPlatform.Infrastructure.Metering.Journal.Storage;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>A batch that is decided and waits for its commit.</summary>
/// <param name="Steps">The steps, in the order in which they were decided.</param>
/// <param name="Rows">The rows that they made, and those that they changed.</param>
/// <param name="Changing">Those rows, as they were decided, that are changed again while the batch waits.</param>
/// <param name="Durable">Ends when the steps are in the ledger, or have failed.</param>
internal sealed record DecidedBatch(
    List<JournalStep> Steps, JournalBatch Rows, IReadOnlyList<TableWrite> Changing, TaskCompletionSource Durable);

/// <summary>A batch whose commit failed: its steps are not in the ledger, unless the commit itself was cut off.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Cause">Why.</param>
internal sealed record FailedCommit(DecidedBatch Batch, Exception Cause);

/// <summary>
/// Commits one decided batch at a time on a thread of its own, and lets its callers go on. What was decided meanwhile it takes at once:
/// the database must not wait for another thread to be woken.
/// </summary>
internal sealed class CommitThread(LedgerStores stores, BatchWrites writes, AuditChainWriter chain, JournalQueue waiting, Outage outage) : IDisposable
{
    /// <summary>Long enough that at some hundred calls a second the next one shares the commit. Whoever waits for it ends it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(2);

    private readonly AutoResetEvent _given = new(initialState: false);

    private readonly ManualResetEventSlim _idle = new(initialState: true);

    private Thread? _thread;

    private volatile FailedCommit? _failure;

    private volatile bool _stopped;

    /// <summary>Whether nothing is being committed.</summary>
    public bool IsIdle => _idle.IsSet;

    /// <summary>The last commit, where it failed.</summary>
    public FailedCommit? Failure => _failure;

    /// <summary>Starts the thread.</summary>
    /// <param name="next">What to commit next; where it is nothing, it calls <see cref="Rest"/>.</param>
    public void Start(Func<DecidedBatch?> next)
    {
        _thread = new Thread(() => Run(next)) { Name = "ledger commits", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Something is to be committed. Whoever says so must know that the thread is idle.</summary>
    public void Wake()
    {
        _idle.Reset();
        _given.Set();
    }

    /// <summary>Waits for a while for more to commit, or until <see cref="Hurry"/> is called. The thread itself calls it.</summary>
    public void Linger(TimeSpan atMost) => _given.WaitOne(atMost);

    /// <summary>Somebody waits now for what the thread lingers over.</summary>
    public void Hurry() => _given.Set();

    /// <summary>Nothing is to be committed.</summary>
    /// <param name="hasFailed">Whether that is because something failed. The journal's thread sees to it, and to a commit that failed.</param>
    public void Rest(bool hasFailed)
    {
        _idle.Set();
        if (hasFailed || _failure is not null)
        {
            waiting.Wake();
        }
    }

    public void WaitUntilIdle() => _idle.Wait();

    /// <summary>Takes note of the failure: the next batch may come.</summary>
    public void ClearFailure() => _failure = null;

    /// <summary>Ends the thread, which must be idle: afterwards it looks at nothing that may be disposed.</summary>
    public void Stop()
    {
        _stopped = true;
        _given.Set();
        _thread?.Join();
    }

    public void Dispose()
    {
        _given.Dispose();
        _idle.Dispose();
    }

    private void Run(Func<DecidedBatch?> next)
    {
        while (_given.WaitOne() && !_stopped)
        {
            DecidedBatch? batch;
            do
            {
                batch = next();
                if (waiting.HasSteps)
                {
                    // There is room for more now.
                    waiting.Wake();
                }

                if (batch is not null)
                {
                    Commit(batch);
                }
            }
            while (batch is not null);
        }
    }

    private void Commit(DecidedBatch batch)
    {
        try
        {
            chain.Extend(batch.Rows);
            stores.Writing.Begin();
            stores.Writing.Commit(writes.Of(batch.Rows, batch.Changing));
            outage.Over();
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            stores.Writing.Abandon();
            _failure = new FailedCommit(batch, cause);
            return;
        }

        batch.Durable.SetResult();
        ThreadPool.UnsafeQueueUserWorkItem(static steps => steps.ForEach(step => step.Complete()), batch.Steps, preferLocal: false);
        stores.Writing.Tidy();
    }
}
