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
        var looked = 0;
        for (var expired = await ReadPageAsync(cancellationToken); expired.Count > 0; expired = await ReadPageAsync(cancellationToken))
        {
            foreach (var (holdId, requestId) in expired)
            {
                var state = await journal.ResolveExpiredAsync(holdId, requestId, cancellationToken);
                LogResolved(holdId, requestId, state);
            }

            looked += expired.Count;
        }

        return looked;
    }

    private async Task<List<(Guid HoldId, Guid RequestId)>> ReadPageAsync(CancellationToken cancellationToken)
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
}
