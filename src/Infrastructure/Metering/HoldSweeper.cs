using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Metering.Journal;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Metering;

/// <summary>Resolves expired holds, at start and every <see cref="MeteringOptions.SweepInterval"/>. Any number of replicas may sweep at once.</summary>
internal sealed partial class HoldSweeper(
    IDbContextFactory<AppDbContext> contexts,
    LedgerJournal journal,
    IOptions<MeteringOptions> options,
    TimeProvider time,
    ILogger<HoldSweeper> logger) : BackgroundService
{
    private const int Page = 500;

    /// <summary>Resolves every hold that has expired by now.</summary>
    /// <returns>How many were looked at.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var swept = 0;
        for (var expired = await ExpiredAsync(cancellationToken); expired.Count > 0; expired = await ExpiredAsync(cancellationToken))
        {
            foreach (var (holdId, requestId) in expired)
            {
                var state = await journal.ResolveExpiredAsync(holdId, requestId, cancellationToken);
                LogResolved(holdId, requestId, state);
            }

            swept += expired.Count;
        }

        return swept;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepInterval, time);
        do
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException and not OutOfMemoryException)
            {
                LogFailed(failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<List<(Guid HoldId, Guid RequestId)>> ExpiredAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var holds = await db.Set<Hold>().AsNoTracking()
            .Where(hold => hold.SettledAt == null && (hold.State == HoldState.Held || hold.State == HoldState.Dispatched) && hold.ExpiresAt <= now)
            .OrderBy(hold => hold.ExpiresAt)
            .Take(Page)
            .Select(hold => new { hold.Id, hold.RequestId })
            .ToListAsync(cancellationToken);
        return holds.ConvertAll(hold => (hold.Id, hold.RequestId));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Expired hold {HoldId} of request {RequestId} is now {State}")]
    private partial void LogResolved(Guid holdId, Guid requestId, HoldState state);

    [LoggerMessage(Level = LogLevel.Error, Message = "Expired holds could not be resolved; the next sweep tries again")]
    private partial void LogFailed(Exception exception);
}
