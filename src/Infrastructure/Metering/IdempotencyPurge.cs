using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Metering;

/// <summary>Removes kept answers whose time is over, a small page at a time. Any number of replicas may do so at once.</summary>
internal sealed partial class IdempotencyPurge(
    IDbContextFactory<AppDbContext> contexts, IOptions<MeteringOptions> options, TimeProvider time, ILogger<IdempotencyPurge> logger)
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

        // A call whose outcome is unknown keeps its key. A key that was taken anew meanwhile has not expired.
        var expired = await (
            from call in db.Set<IdempotentCall>()
            join hold in db.Set<Hold>() on call.HoldId equals hold.Id into holds
            from hold in holds.DefaultIfEmpty()
            where call.ExpiresAt <= now && (hold == null || hold.State == HoldState.Captured || hold.State == HoldState.Released)
            orderby call.ExpiresAt
            select call.Id).Take(Page).ToListAsync(cancellationToken);
        if (expired.Count > 0)
        {
            await db.Set<IdempotentCall>().Where(call => expired.Contains(call.Id) && call.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        }

        return expired.Count;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Expired answers could not be removed; the next round tries again")]
    private partial void LogFailed(Exception exception);
}
