using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Operations;

/// <summary>Deletes logged messages that are older than they are kept, a small page at a time.</summary>
internal sealed class MessageLogRetention(IDbContextFactory<AppDbContext> contexts) : IScheduledJob
{
    private const int Page = 500;

    public string Name => "message_log_cleanup";

    public string Schedule => "0 0 2 ? * SUN";

    public async Task<string> RunAsync(DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        var oldest = dueAt.AddDays(-MessageLog.RetentionDays);
        var (deleted, page) = (0, Page);
        while (page == Page)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var ids = await db.Set<MessageLog>().Where(log => log.Time < oldest).OrderBy(log => log.Time)
                .Select(log => log.Id).Take(Page).ToListAsync(cancellationToken);
            page = ids.Count;
            deleted += await db.Set<MessageLog>().Where(log => ids.Contains(log.Id)).ExecuteDeleteAsync(cancellationToken);
        }

        return $"{deleted} logs deleted";
    }
}
