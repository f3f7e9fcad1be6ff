using AiPlatform.Application.Operations.Contracts;
using AiPlatform.Application.Shared.Pipeline;
using MediatR;

namespace AiPlatform.Application.Operations;

/// <summary>Asks whether this process can serve calls.</summary>
[AllowAnonymousCaller("Load balancers and monitors ask without credentials; the answer says nothing of anybody's data.")]
[OmitFromAudit("Probes ask every few seconds; their records would bury those of calls.")]
public sealed record GetHealthQuery : IRequest<HealthReport>;

/// <summary>How a process is.</summary>
/// <param name="DatabaseAnswers">Whether the database answered in time.</param>
/// <param name="Memory">The memory of the process.</param>
/// <param name="Disk">The disk that it writes to.</param>
/// <param name="Upstreams">The services that calls go on to. One that fails does not make the process unfit: others may answer.</param>
/// <param name="TakenAt">When the report was taken, UTC.</param>
public sealed record HealthReport(
    bool DatabaseAnswers, MemoryUse Memory, DiskUse Disk, IReadOnlyList<UpstreamState> Upstreams, DateTimeOffset TakenAt)
{
    /// <summary>Logged messages that wait to be stored.</summary>
    public int WaitingMessages { get; init; }

    /// <summary>Whether the process looks after its jobs.</summary>
    public bool SchedulerRuns { get; init; }

    /// <summary>How the jobs stand.</summary>
    public IReadOnlyList<JobStanding> Jobs { get; init; } = [];
}

internal sealed class GetHealthHandler(
    IHealthProbe probe, IUpstreamHealth upstreams, IMessageLog messages, IJobSchedule jobs, TimeProvider time)
    : IRequestHandler<GetHealthQuery, HealthReport>
{
    public async Task<HealthReport> Handle(GetHealthQuery query, CancellationToken cancellationToken) =>
        new(await probe.DatabaseAnswersAsync(cancellationToken), probe.Memory(), probe.Disk(), upstreams.Read(), time.GetUtcNow())
        {
            WaitingMessages = messages.Waiting,
            SchedulerRuns = jobs.IsRunning,
            Jobs = jobs.Read(),
        };
}
