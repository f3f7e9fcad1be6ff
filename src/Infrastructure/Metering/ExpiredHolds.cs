using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Metering.Journal;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Infrastructure.Metering;

/// <summary>Finds expired holds a page at a time and lets the journal resolve each.</summary>
internal sealed partial class ExpiredHolds(
    IDbContextFactory<AppDbContext> contexts, LedgerJournal journal, TimeProvider time, ILogger<ExpiredHolds> logger) : IExpiredHolds
{
    private const int Page = 500;

    public async Task<int> ResolveAsync(CancellationToken cancellationToken)
    {
        var (looked, left) = (0, 0);
        for (var expired = await ReadPageAsync(left, cancellationToken); expired.Count > 0; expired = await ReadPageAsync(left, cancellationToken))
        {
            foreach (var (holdId, requestId) in expired)
            {
                left += await TryResolveAsync(holdId, requestId, cancellationToken) ? 0 : 1;
            }

            looked += expired.Count;
        }

        return looked;
    }

    // One hold that cannot be resolved must not keep those that expired after it.
    private async Task<bool> TryResolveAsync(Guid holdId, Guid requestId, CancellationToken cancellationToken)
    {
        try
        {
            LogResolved(holdId, requestId, await journal.ResolveExpiredAsync(holdId, requestId, cancellationToken));
            return true;
        }
        catch (Exception failure) when (failure is not OperationCanceledException and not OutOfMemoryException)
        {
            LogUnresolved(failure, holdId, requestId);
            return false;
        }
    }

    private async Task<List<(Guid HoldId, Guid RequestId)>> ReadPageAsync(int left, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var holds = await db.Set<Hold>().AsNoTracking()
            .Where(hold => hold.SettledAt == null && (hold.State == HoldState.Held || hold.State == HoldState.Dispatched) && hold.ExpiresAt <= now)
            .OrderBy(hold => hold.ExpiresAt).ThenBy(hold => hold.Id)
            .Skip(left)
            .Take(Page)
            .Select(hold => new { hold.Id, hold.RequestId })
            .ToListAsync(cancellationToken);
        return holds.ConvertAll(hold => (hold.Id, hold.RequestId));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Expired hold {HoldId} of request {RequestId} is now {State}")]
    private partial void LogResolved(Guid holdId, Guid requestId, HoldState state);

    [LoggerMessage(Level = LogLevel.Error, Message = "Expired hold {HoldId} of request {RequestId} could not be resolved; the next sweep tries again")]
    private partial void LogUnresolved(Exception cause, Guid holdId, Guid requestId);
}
