using AiPlatform.Domain.Operations;

namespace AiPlatform.Application.Operations;

/// <summary>How a job stands.</summary>
/// <param name="Name">The job.</param>
/// <param name="LastRunAt">When its last run was due, UTC; <see langword="null"/> before the first.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Detail">What it did.</param>
/// <param name="NextRunAt">When the next run is due, UTC.</param>
public sealed record JobStanding(string Name, DateTimeOffset? LastRunAt, JobOutcome? Outcome, string? Detail, DateTimeOffset? NextRunAt);

/// <summary>Runs what has to be done by the clock.</summary>
public interface IJobSchedule
{
    /// <summary>Whether this process looks after its jobs.</summary>
    bool IsRunning { get; }

    /// <summary>How every job stands, as far as this process has heard.</summary>
    IReadOnlyList<JobStanding> Read();

    /// <summary>Runs whatever is due and no other replica has taken.</summary>
    /// <param name="cancellationToken">Gives up; a run under way is then begun anew later.</param>
    Task RunDueAsync(CancellationToken cancellationToken);
}
