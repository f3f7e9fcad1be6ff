using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Operations;

/// <summary>Forgets old runs of jobs; the last of each stays.</summary>
internal sealed class JobRunRetention(IDbContextFactory<AppDbContext> contexts) : IScheduledJob
{
    private const int Days = 90;

    public string Name => "job_run_cleanup";

    public string Schedule => "0 30 2 ? * SUN";

    public async Task<string> RunAsync(DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        var oldest = dueAt.AddDays(-Days);
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var deleted = await db.Set<JobRun>()
            .Where(run => run.DueAt < oldest && db.Set<JobRun>().Any(later => later.Job == run.Job && later.DueAt > run.DueAt))
            .ExecuteDeleteAsync(cancellationToken);
        return $"{deleted} runs deleted";
    }
}
