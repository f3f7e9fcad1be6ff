using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Operations;

/// <summary>The runs of jobs in the database. The key of a run is its lease: who inserts the row has it.</summary>
internal sealed class JobRuns(IDbContextFactory<AppDbContext> contexts, TimeProvider time)
{
    // A replica that was killed leaves its run behind.
    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(15);

    /// <summary>The last run of a job; the first time, one is noted, so that whatever is missed from now on is made good.</summary>
    public async Task<JobRun?> LastAsync(string job, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var last = await db.Set<JobRun>().AsNoTracking().Where(run => run.Job == job)
            .OrderByDescending(run => run.DueAt).FirstOrDefaultAsync(cancellationToken);
        if (last is not null)
        {
            return last;
        }

        var now = time.GetUtcNow();
        var first = new JobRun(job, now, now);
        first.End(JobOutcome.Noted, null, now);
        return await TryAddAsync(db, first, cancellationToken) ? first : null;
    }

    /// <summary>Takes a run, or one that was abandoned.</summary>
    /// <returns>Whether it is this process that runs it.</returns>
    public async Task<bool> TakeAsync(string job, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await TryAddAsync(db, new JobRun(job, dueAt, time.GetUtcNow()), cancellationToken);
    }

    /// <summary>Takes over a run whose replica is gone.</summary>
    /// <returns>Whether it is this process that runs it.</returns>
    public async Task<bool> TakeOverAsync(JobRun run, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (run.Outcome is not JobOutcome.Running || run.StartedAt > now - Abandoned)
        {
            return false;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Set<JobRun>()
            .Where(known => known.Job == run.Job && known.DueAt == run.DueAt && known.StartedAt == run.StartedAt && known.Outcome == JobOutcome.Running)
            .ExecuteUpdateAsync(set => set.SetProperty(known => known.StartedAt, now), cancellationToken) == 1;
    }

    /// <summary>Writes down what came of a run.</summary>
    public async Task<JobRun> EndAsync(string job, DateTimeOffset dueAt, JobOutcome outcome, string detail, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var run = await db.Set<JobRun>().SingleAsync(known => known.Job == job && known.DueAt == dueAt, cancellationToken);
        run.End(outcome, detail.Length <= JobRun.MaxDetailLength ? detail : detail[..JobRun.MaxDetailLength], time.GetUtcNow());
        await db.SaveChangesAsync(cancellationToken);
        return run;
    }

    private static async Task<bool> TryAddAsync(AppDbContext db, JobRun run, CancellationToken cancellationToken)
    {
        db.Add(run);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException) when (db.Set<JobRun>().AsNoTracking().Any(known => known.Job == run.Job && known.DueAt == run.DueAt))
        {
            return false;
        }
    }
}
