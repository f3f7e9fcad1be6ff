using AiPlatform.Domain.Gateway;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Gateway.Caching;

/// <summary>Removes answers whose time is over, a small page at a time. Any number of replicas may do so at once.</summary>
internal sealed partial class AnswerCachePurge(
    IDbContextFactory<AppDbContext> contexts, IOptions<AnswerCacheOptions> options, TimeProvider time, ILogger<AnswerCachePurge> logger)
    : BackgroundService
{
    private const int Page = 500;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepInterval, time);
        do
        {
            try
            {
                while (await RemovePageAsync(stoppingToken) == Page)
                {
                }
            }
            catch (Exception failure) when (failure is not OperationCanceledException and not OutOfMemoryException)
            {
                LogFailed(failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<int> RemovePageAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var expired = await db.Set<CachedAnswer>()
            .Where(answer => answer.ExpiresAt <= now)
            .OrderBy(answer => answer.ExpiresAt)
            .Select(answer => answer.Id)
            .Take(Page)
            .ToListAsync(cancellationToken);
        if (expired.Count > 0)
        {
            // One that was kept anew meanwhile has not expired.
            await db.Set<CachedAnswer>().Where(answer => expired.Contains(answer.Id) && answer.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        }

        return expired.Count;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Expired answers of the cache could not be removed; the next round tries again")]
    private partial void LogFailed(Exception exception);
}
