using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>
/// The thread that brings steps into the ledger: ahead of the commit that is under way where they can be decided so, else under locks,
/// when that commit is over. It is a thread of its own, since a commit must not queue behind the very calls that wait for it.
/// </summary>
internal sealed class JournalThread(
    JournalQueue waiting, ForwardDecisions ahead, LockedCommits locked, IOptions<MeteringOptions> options)
{
    private readonly MeteringOptions _options = options.Value;

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool _isRunning;

    /// <summary>Ends when everything is durable whose caller went on before its commit.</summary>
    public Task Told => ahead.Told;

    /// <summary>Ends with the thread. One that was never started, because a start before it failed, has nothing to wait for.</summary>
    public Task Ended => _isRunning ? _ended.Task : Task.CompletedTask;

    public void Start()
    {
        _isRunning = true;
        ahead.Start();
        new Thread(Run) { Name = "ledger journal", IsBackground = true }.Start();
    }

    private int Room => _options.MaxBatch - ahead.Count;

    private void Run()
    {
        var steps = new List<JournalStep>(_options.MaxBatch);
        while (waiting.Take(steps, Room))
        {
            if (_options.BatchWindow > TimeSpan.Zero && steps.Count < Room)
            {
                Thread.Sleep(_options.BatchWindow);
                waiting.TakeMore(steps, Room);
            }

            Handle(steps);
            steps.Clear();
        }

        FinishAhead();
        ahead.Stop();
        _ended.SetResult();
    }

    private void Handle(List<JournalStep> steps)
    {
        if (ahead.HasFailed)
        {
            DecideAnew(ahead.TakeBack(null, []));
        }

        List<JournalStep> left;
        try
        {
            left = ahead.Decide(steps);
            if (left.Count == 0)
            {
                return;
            }
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            DecideAnew(ahead.TakeBack(failure, steps));
            return;
        }

        FinishAhead();
        CommitUnderLocks(left);
    }

    /// <summary>Has everything committed that was decided ahead.</summary>
    private void FinishAhead()
    {
        ahead.Finish();
        if (ahead.HasFailed)
        {
            DecideAnew(ahead.TakeBack(null, []));
        }
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

    private void DecideAnew(UncommittedSteps uncommitted)
    {
        locked.CommitAnew(uncommitted.Steps, uncommitted.Cause);
        uncommitted.Durable.ForEach(durable => durable.SetResult());
    }
}
