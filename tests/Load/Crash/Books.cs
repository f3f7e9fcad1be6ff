using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Operations;
using AiPlatform.Load.Processes;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Load.Crash;

/// <summary>Everything that the database holds of the calls, read straight from it.</summary>
internal sealed record Books(
    IReadOnlyList<LedgerAccount> Accounts,
    ILookup<Guid, LedgerEntry> EntriesByAccount,
    ILookup<Guid?, LedgerEntry> EntriesByHold,
    IReadOnlyDictionary<Guid, Hold> HoldsByRequest,
    IReadOnlyList<AuditRecord> Records)
{
    public static async Task<Books> ReadAsync(PlatformDatabase database, string routeKey, CancellationToken cancellationToken)
    {
        await using var db = database.Open();
        var entries = await db.Set<LedgerEntry>().AsNoTracking().ToListAsync(cancellationToken);
        return new Books(
            await db.Set<LedgerAccount>().AsNoTracking().ToListAsync(cancellationToken),
            entries.ToLookup(entry => entry.AccountId),
            entries.ToLookup(entry => entry.HoldId),
            await db.Set<Hold>().AsNoTracking().ToDictionaryAsync(hold => hold.RequestId, cancellationToken),
            await db.Set<AuditRecord>().AsNoTracking().Where(record => record.RouteKey == routeKey).ToListAsync(cancellationToken));
    }
}
