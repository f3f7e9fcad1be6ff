using AiPlatform.Infrastructure.Metering.Journal.Storage;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>A batch that is decided and waits for its commit.</summary>
/// <param name="Steps">The steps, in the order in which they were decided.</param>
/// <param name="Writes">What they write.</param>
/// <param name="Durable">Ends when the steps are in the ledger, or have failed.</param>
internal sealed record DecidedBatch(List<JournalStep> Steps, IReadOnlyList<TableWrite> Writes, TaskCompletionSource Durable);

/// <summary>A batch whose commit failed: its steps are not in the ledger, unless the commit itself was cut off.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Cause">Why.</param>
internal sealed record FailedCommit(DecidedBatch Batch, Exception Cause);

/// <summary>Commits one decided batch at a time on a thread of its own, and lets its callers go on.</summary>
internal sealed class CommitThread(LedgerStores stores, JournalQueue waiting) : IDisposable
{
    private readonly AutoResetEvent _given = new(initialState: false);

    private readonly ManualResetEventSlim _idle = new(initialState: true);

    private Thread? _thread;

    private DecidedBatch? _batch;

    private volatile FailedCommit? _failure;

    private volatile bool _stopped;

    /// <summary>Whether nothing is being committed.</summary>
    public bool IsIdle => _idle.IsSet;

    /// <summary>The last commit, where it failed.</summary>
    public FailedCommit? Failure => _failure;

    public void Start()
    {
        _thread = new Thread(Run) { Name = "ledger commits", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Takes a batch over. The one before must have been committed.</summary>
    public void Commit(DecidedBatch batch)
    {
        _idle.Reset();
        _batch = batch;
        _given.Set();
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

    private void Run()
    {
        while (_given.WaitOne() && !_stopped)
        {
            Commit();
            _idle.Set();
            waiting.Wake();
        }
    }

    private void Commit()
    {
        var batch = _batch!;
        try
        {
            stores.Writing.Begin();
            stores.Writing.Commit(batch.Writes);
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            stores.Writing.Abandon();
            _failure = new FailedCommit(batch, cause);
            return;
        }

        batch.Durable.SetResult();
        ThreadPool.UnsafeQueueUserWorkItem(static steps => steps.ForEach(step => step.Complete()), batch.Steps, preferLocal: false);
    }
}
