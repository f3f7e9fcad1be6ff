namespace AiPlatform.Domain.Operations;

/// <summary>What came of a run of a job.</summary>
public enum JobOutcome
{
    /// <summary>The job was met for the first time; what was due before is not made good.</summary>
    Noted = 0,

    /// <summary>Some replica is at it.</summary>
    Running = 1,

    /// <summary>It is done.</summary>
    Succeeded = 2,

    /// <summary>It failed; the next run is the next that is due.</summary>
    Failed = 3,
}

/// <summary>One run of a job: who writes its row runs it, so that of all replicas one does.</summary>
public sealed class JobRun
{
    /// <summary>Longest name of a job, in characters.</summary>
    public const int MaxJobLength = 50;

    /// <summary>Longest text of an outcome, in characters.</summary>
    public const int MaxDetailLength = 200;

    private JobRun()
    {
        Job = string.Empty;
    }

    /// <summary>Takes a run.</summary>
    /// <param name="job">The job.</param>
    /// <param name="dueAt">When it was due.</param>
    /// <param name="now">The time.</param>
    public JobRun(string job, DateTimeOffset dueAt, DateTimeOffset now)
    {
        (Job, DueAt, StartedAt, Outcome) = (job, dueAt, now, JobOutcome.Running);
    }

    /// <summary>The job.</summary>
    public string Job { get; private set; }

    /// <summary>When the run was due, UTC.</summary>
    public DateTimeOffset DueAt { get; private set; }

    /// <summary>When it was begun, UTC.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>When it ended, UTC.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>What came of it.</summary>
    public JobOutcome Outcome { get; private set; }

    /// <summary>What it did, or which kind of failure it met.</summary>
    public string? Detail { get; private set; }

    /// <summary>Ends the run.</summary>
    /// <param name="outcome">What came of it.</param>
    /// <param name="detail">What it did, at most <see cref="MaxDetailLength"/> characters.</param>
    /// <param name="now">The time.</param>
    public void End(JobOutcome outcome, string? detail, DateTimeOffset now) => (Outcome, Detail, EndedAt) = (outcome, detail, now);
}
