using System.Collections.Concurrent;
using AiPlatform.Application.Operations;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Quartz;

namespace AiPlatform.Infrastructure.Operations;

/// <summary>
/// Looks every few seconds for what is due. What fell due while no replica ran is made good at the start, once: the latest time
/// stands for those before it.
/// </summary>
internal sealed partial class JobSchedule(
    IEnumerable<IScheduledJob> jobs, JobRuns runs, IOptions<JobOptions> options, IOptions<PlatformOptions> platform, JobClock clock)
    : BackgroundService, IJobSchedule
{
    // No schedule is rarer than weekly.
    private static readonly TimeSpan Rarest = TimeSpan.FromDays(8);

    private readonly IReadOnlyList<TimedJob> _jobs =
        [.. jobs.Select(job => new TimedJob(job, new CronExpression(job.Schedule, TimeZoneInfo.FindSystemTimeZoneById(platform.Value.TimeZone))))];

    private readonly ConcurrentDictionary<string, JobRun> _last = new();
    private readonly SemaphoreSlim _turn = new(1);
    private volatile bool _isRunning;

    public bool IsRunning => _isRunning;

    public IReadOnlyList<JobStanding> Read() => [.. _jobs.Select(StandingOf)];

    public async Task RunDueAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            foreach (var job in _jobs)
            {
                await RunIfDueAsync(job, cancellationToken);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public override void Dispose()
    {
        _turn.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _isRunning = true;
        try
        {
            using var timer = new PeriodicTimer(options.Value.Interval, clock.Time);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await RunDueAsync(stoppingToken);
            }
        }
        finally
        {
            _isRunning = false;
        }
    }

    private async Task RunIfDueAsync(TimedJob job, CancellationToken cancellationToken)
    {
        try
        {
            var last = await LastAsync(job.Job, cancellationToken);
            if (last is null)
            {
                return;
            }

            _last[job.Job.Name] = last;
            if (await TakeAsync(job, last, cancellationToken) is { } dueAt)
            {
                await RunAsync(job.Job, dueAt, cancellationToken);
            }
        }
        catch (Exception failure) when (failure is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            LogNotRead(clock.Logger, failure, job.Job.Name);
        }
    }

    private async Task<JobRun?> LastAsync(IScheduledJob job, CancellationToken cancellationToken)
    {
        if (!job.IsLocal)
        {
            return await runs.LastAsync(job.Name, cancellationToken);
        }

        return _last.GetOrAdd(job.Name, name =>
        {
            var run = new JobRun(name, clock.Now, clock.Now);
            run.End(JobOutcome.Noted, null, clock.Now);
            return run;
        });
    }

    /// <summary>Takes what is due now.</summary>
    /// <returns>When it was due; <see langword="null"/> where nothing is, or another replica has it.</returns>
    private async Task<DateTimeOffset?> TakeAsync(TimedJob job, JobRun last, CancellationToken cancellationToken)
    {
        if (job.LatestDue(last.DueAt, clock.Now) is { } dueAt)
        {
            return job.Job.IsLocal || await runs.TakeAsync(job.Job.Name, dueAt, cancellationToken) ? dueAt : null;
        }

        return !job.Job.IsLocal && await runs.TakeOverAsync(last, cancellationToken) ? last.DueAt : null;
    }

    private async Task RunAsync(IScheduledJob job, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        var (outcome, detail) = (JobOutcome.Succeeded, string.Empty);
        try
        {
            detail = await job.RunAsync(dueAt, cancellationToken);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            (outcome, detail) = (JobOutcome.Failed, failure.GetType().Name);
            LogFailed(clock.Logger, failure, job.Name);
        }

        if (job.IsLocal)
        {
            var run = new JobRun(job.Name, dueAt, clock.Now);
            run.End(outcome, detail, clock.Now);
            _last[job.Name] = run;
            return;
        }

        _last[job.Name] = await runs.EndAsync(job.Name, dueAt, outcome, detail, cancellationToken);
    }

    private JobStanding StandingOf(TimedJob job)
    {
        var last = _last.GetValueOrDefault(job.Job.Name);
        var hasRun = last is { Outcome: not JobOutcome.Noted };
        return new JobStanding(
            job.Job.Name, hasRun ? last!.DueAt : null, hasRun ? last!.Outcome : null, last?.Detail, job.Times.GetNextValidTimeAfter(clock.Now));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The job {Job} failed; it is tried again when it is due next")]
    private static partial void LogFailed(ILogger logger, Exception exception, string job);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The runs of the job {Job} could not be read or written; the next round tries again")]
    private static partial void LogNotRead(ILogger logger, Exception exception, string job);

    private sealed record TimedJob(IScheduledJob Job, CronExpression Times)
    {
        /// <summary>The latest time after a run at which the job fell due.</summary>
        public DateTimeOffset? LatestDue(DateTimeOffset last, DateTimeOffset now)
        {
            DateTimeOffset? latest = null;
            var from = last > now - Rarest ? last : now - Rarest;
            while (Times.GetNextValidTimeAfter(from) is { } due && due <= now)
            {
                latest = from = due;
            }

            return latest?.ToUniversalTime();
        }
    }
}

/// <summary>The time that jobs go by, and where they tell of failures.</summary>
internal sealed class JobClock(TimeProvider time, ILogger<JobSchedule> logger)
{
    public TimeProvider Time => time;

    public DateTimeOffset Now => time.GetUtcNow();

    public ILogger Logger => logger;
}
