using System.Threading.Channels;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>
/// The thread that brings those steps into the ledger which their callers could not decide: ahead of the commit that is under way where
/// they can be decided so, else under locks, when that commit is over. It is a thread of its own, since a commit must not queue behind
/// the very calls that wait for it.
/// </summary>
internal sealed class JournalThread(JournalQueue waiting, ForwardDecisions ahead, LockedCommits locked)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool _isRunning;

    /// <summary>Ends when everything is durable whose caller went on before its commit.</summary>
    public Task CatchUpAsync(CancellationToken cancellationToken) => ahead.CatchUpAsync(cancellationToken);

    /// <summary>Ends with the thread. One that was never started, because a start before it failed, has nothing to wait for.</summary>
    public Task Ended => _isRunning ? _ended.Task : Task.CompletedTask;

    public void Start()
    {
        _isRunning = true;
        ahead.Start();
        new Thread(Run) { Name = "ledger journal", IsBackground = true }.Start();
    }

    /// <summary>Decides a step, or puts it in the queue unless that is full or closed.</summary>
    public bool TryAdd(JournalStep step)
    {
        if (ahead.TryDecide(step) || waiting.TryAdd(step))
        {
            return true;
        }

        ahead.Reopen(1);
        return false;
    }

    /// <summary>Decides a step, or puts it in the queue, waiting for a place.</summary>
    /// <exception cref="ChannelClosedException">The queue is closed.</exception>
    public async Task AddAsync(JournalStep step, CancellationToken cancellationToken)
    {
        if (ahead.TryDecide(step))
        {
            return;
        }

        try
        {
            await waiting.AddAsync(step, cancellationToken);
        }
        catch
        {
            ahead.Reopen(1);
            throw;
        }
    }

    /// <summary>Takes no more steps. The thread ends when those that it has are in the ledger.</summary>
    public void Close()
    {
        ahead.Close();
        waiting.Close();
    }

    private void Run()
    {
        var steps = new List<JournalStep>();
        while (waiting.Take(steps, () => ahead.Room))
        {
            Handle(steps);
            ahead.Reopen(steps.Count);
            steps.Clear();
        }

        FinishAhead();
        ahead.Stop();
        _ended.SetResult();
    }

    private void Handle(List<JournalStep> steps)
    {
        Mend();
        if (steps.Count == 0)
        {
            // Callers decide meanwhile.
            return;
        }

        List<JournalStep> left;
        try
        {
            left = ahead.Decide(steps);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // What they are decided on could not be read. Under locks it is read again, and a failure is logged and told to its caller.
            left = steps;
        }

        if (left.Count > 0)
        {
            FinishAhead();
            CommitUnderLocks(left);
        }
    }

    /// <summary>Has everything committed that was decided ahead.</summary>
    private void FinishAhead()
    {
        ahead.Finish();
        Mend();
    }

    /// <summary>Has everything decided anew that a failure left without a commit.</summary>
    private void Mend()
    {
        if (!ahead.HasFailed)
        {
            return;
        }

        ahead.Close();
        var uncommitted = ahead.TakeBack();
        locked.CommitAnew(uncommitted.Steps, uncommitted.Cause);
        uncommitted.Durable.ForEach(durable => durable.SetResult());
        ahead.Reopen(1);
    }

    private void CommitUnderLocks(List<JournalStep> steps)
    {
        if (!steps.Exists(step => step.CompletesEarly))
        {
            locked.Commit(steps);
            return;
        }

        var durable = ahead.Tell();
        locked.Commit(steps);
        durable.SetResult();
    }
}
