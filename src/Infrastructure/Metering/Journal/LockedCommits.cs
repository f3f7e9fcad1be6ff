using AiPlatform.Infrastructure.Metering.Journal.Storage;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>Commits steps under locks, and knows what to do where a commit fails. When it returns, the fate of every step is known.</summary>
/// <remarks>The journal's own thread alone calls it, while nothing else is being committed.</remarks>
internal sealed partial class LockedCommits(JournalWriter writer, Outage outage, ILogger<LockedCommits> logger)
{
    /// <summary>Commits steps together.</summary>
    public void Commit(List<JournalStep> steps)
    {
        try
        {
            writer.Write(steps);
            outage.Over();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            LogBatchFailed(failure, steps.Count);
            CommitEach(steps);
        }
    }

    /// <summary>Commits steps that were decided already, together with others, in a commit that failed.</summary>
    public void CommitAnew(List<JournalStep> steps, Exception cause)
    {
        if (steps.Count == 0)
        {
            // What failed was a step that is not decided yet: it is told, and logged, when it fails again.
            return;
        }

        if (cause is StaleRowException)
        {
            // Nothing is wrong with the steps, and nothing of them is in the ledger.
            LogOthersWrite(cause.Message, steps.Count);
            Commit(steps);
            return;
        }

        LogBatchFailed(cause, steps.Count);
        CommitEach(steps);
    }

    // One step that the database refuses must not fail its neighbours: each gets a transaction of its own.
    private void CommitEach(List<JournalStep> steps)
    {
        foreach (var step in steps)
        {
            while (!TryCommitAlone(step))
            {
            }
        }
    }

    /// <summary>Whether the step's fate is known: it is in the ledger, or it has failed for good.</summary>
    private bool TryCommitAlone(JournalStep step)
    {
        try
        {
            writer.Retry(step);
            outage.Over();
            return true;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            if (outage.WaitOut(failure))
            {
                return false;
            }

            LogStepFailed(failure, step.GetType().Name, step.RequestId);
            step.Fail(failure);
            return true;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Another process writes to the ledger too ({Reason}); {Count} steps are decided again, under locks")]
    private partial void LogOthersWrite(string reason, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A batch of {Count} ledger steps failed; each is tried alone")]
    private partial void LogBatchFailed(Exception exception, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Step} of request {RequestId} is not in the ledger")]
    private partial void LogStepFailed(Exception exception, string step, Guid requestId);
}
