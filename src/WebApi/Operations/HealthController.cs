using AiPlatform.Application.Operations;
using AiPlatform.Domain.Operations;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Operations;

/// <summary>Says whether this process can serve calls. Its errors have no surface's shape, so calls that miss it leave no record.</summary>
public sealed class HealthController(IMediator mediator, LocalTimeText times) : ControllerBase
{
    /// <summary>Says whether this process can serve calls. Needs no credential, is not metered and leaves no audit record.</summary>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">It can.</response>
    /// <response code="503">It cannot; the part that fails says <c>unhealthy</c>.</response>
    [HttpGet("/health")]
    [RouteKey("operations.health")]
    [Sends<GetHealthQuery>]
    [ProducesResponseType<HealthReply>(StatusCodes.Status200OK)]
    [ProducesResponseType<HealthReply>(StatusCodes.Status503ServiceUnavailable)]
    public async Task<IActionResult> Get(CancellationToken cancellationToken)
    {
        var report = await mediator.Send(new GetHealthQuery(), cancellationToken);
        Response.Headers.CacheControl = "no-store";
        return StatusCode(
            report.DatabaseAnswers ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, HealthReply.Of(report, times));
    }
}

/// <summary>How the process is.</summary>
/// <param name="Status" example="healthy"><c>healthy</c>, or <c>degraded</c> where a part fails.</param>
/// <param name="App" example="AiPlatform">Always <c>AiPlatform</c>.</param>
/// <param name="Timestamp" example="2025-03-05T14:00:00.123456">Local time of the report.</param>
/// <param name="Database" example="healthy"><c>healthy</c> or <c>unhealthy</c>.</param>
/// <param name="Memory">The memory of the process.</param>
/// <param name="Disk">The disk that it writes to.</param>
/// <param name="Providers">The configured providers, by name; one that fails does not change <c>status</c>.</param>
public sealed record HealthReply(
    string Status,
    string App,
    string Timestamp,
    string Database,
    MemoryReply Memory,
    DiskReply Disk,
    IReadOnlyList<ProviderStateReply> Providers)
{
    /// <summary>Logged messages that wait to be stored.</summary>
    /// <example>25</example>
    public int MessageBufferSize { get; init; }

    /// <summary>Whether the process looks after its jobs.</summary>
    /// <example>true</example>
    public bool SchedulerRunning { get; init; }

    /// <summary>What is done by the clock.</summary>
    public IReadOnlyList<JobReply> Jobs { get; init; } = [];

    internal static HealthReply Of(HealthReport report, LocalTimeText times) => new(
        report.DatabaseAnswers ? "healthy" : "degraded",
        "AiPlatform",
        times.Naive(report.TakenAt),
        report.DatabaseAnswers ? "healthy" : "unhealthy",
        MemoryReply.Of(report.Memory),
        DiskReply.Of(report.Disk),
        [.. report.Upstreams.Select(upstream => new ProviderStateReply(upstream.Name, upstream.State))])
    {
        MessageBufferSize = report.WaitingMessages,
        SchedulerRunning = report.SchedulerRuns,
        Jobs = [.. report.Jobs.Select(JobReply.Of)],
    };

    internal static double Percent(long part, long whole) => whole == 0 ? 0 : Math.Round(100.0 * part / whole, 1);
}

/// <summary>Memory of the process.</summary>
/// <param name="UsedPercent">Used, of what the machine or the container has for it.</param>
/// <param name="UsedMb">Used, in MiB.</param>
/// <param name="AvailableMb">Not used, in MiB.</param>
public sealed record MemoryReply(double UsedPercent, double UsedMb, double AvailableMb)
{
    private const double MiB = 1024 * 1024;

    internal static MemoryReply Of(MemoryUse memory) => new(
        HealthReply.Percent(memory.UsedBytes, memory.LimitBytes),
        Math.Round(memory.UsedBytes / MiB, 1),
        Math.Round(Math.Max(0, memory.LimitBytes - memory.UsedBytes) / MiB, 1));
}

/// <summary>The disk that the process writes to.</summary>
/// <param name="UsedPercent">Used by anybody.</param>
/// <param name="FreeGb">Free for the process, in GiB.</param>
public sealed record DiskReply(double UsedPercent, double FreeGb)
{
    private const double GiB = 1024 * 1024 * 1024;

    internal static DiskReply Of(DiskUse disk) => new(
        HealthReply.Percent(disk.TotalBytes - disk.FreeBytes, disk.TotalBytes), Math.Round(disk.FreeBytes / GiB, 1));
}

/// <summary>How a provider of models is.</summary>
/// <param name="Name" example="OpenAI">The name under which it is configured.</param>
/// <param name="Status" example="healthy">
/// What the calls of the last five minutes say: <c>healthy</c>, <c>degraded</c> where some failed, <c>unhealthy</c> where at least
/// half did, <c>idle</c> where there was none.
/// </param>
public sealed record ProviderStateReply(string Name, string Status);

/// <summary>Something that is done by the clock.</summary>
/// <param name="Name" example="usage_report">The job.</param>
/// <param name="LastRun" example="2024-01-01T01:00:00Z">When its last run was due, UTC; none before the first.</param>
/// <param name="Outcome" example="succeeded"><c>running</c>, <c>succeeded</c> or <c>failed</c>; none before the first.</param>
/// <param name="Detail" example="1 days reported">What the last run did.</param>
/// <param name="NextRun" example="2024-01-02T01:00:00Z">When the next run is due, UTC.</param>
public sealed record JobReply(string Name, string? LastRun, string? Outcome, string? Detail, string? NextRun)
{
    internal static JobReply Of(JobStanding job) => new(
        job.Name,
        job.LastRunAt is { } last ? UtcText.ToTheSecond(last) : null,
        job.Outcome switch
        {
            null => null,
            JobOutcome.Running => "running",
            JobOutcome.Failed => "failed",
            _ => "succeeded",
        },
        job.Detail,
        job.NextRunAt is { } next ? UtcText.ToTheSecond(next) : null);
}
