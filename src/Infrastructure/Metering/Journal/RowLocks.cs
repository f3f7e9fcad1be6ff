using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>
/// Reads rows so that nobody else changes them before the transaction ends, always in the order of their ids, so that two
/// processes never wait for each other. SQLite needs no locks: its transaction holds the file's one write lock from the start.
/// </summary>
internal static class RowLocks
{
    private const string PostgreSql = "Npgsql.EntityFrameworkCore.PostgreSQL";
    private const string SqlServer = "Microsoft.EntityFrameworkCore.SqlServer";

    /// <summary>The accounts of these names and these ids that exist, by name.</summary>
    public static async Task<Dictionary<AccountKey, LedgerAccount>> LockAccountsAsync(
        this AppDbContext db, IReadOnlyCollection<AccountKey> keys, Guid[] ids, CancellationToken cancellationToken)
    {
        if (keys.Count == 0 && ids.Length == 0)
        {
            return [];
        }

        var owners = keys.Select(key => key.OwnerId).Distinct().ToArray();
        var periods = keys.Select(key => key.Period).Distinct().ToArray();
        var rows = await Accounts(db, owners, periods, ids).AsTracking().ToListAsync(cancellationToken);

        // Owner and period select a little more than the names do, for example another meter of the same owner.
        return rows.Where(account => ids.Contains(account.Id) || keys.Contains(account.Key)).ToDictionary(account => account.Key);
    }

    /// <summary>The holds of these ids, with their lines, by id.</summary>
    public static async Task<Dictionary<Guid, Hold>> LockHoldsAsync(this AppDbContext db, Guid[] ids, CancellationToken cancellationToken)
    {
        if (ids.Length == 0)
        {
            return [];
        }

        var holds = await Holds(db, ids).AsTracking().ToDictionaryAsync(hold => hold.Id, cancellationToken);
        var requests = holds.Values.Select(hold => hold.RequestId).ToArray();
        var entries = await db.Set<LedgerEntry>().AsNoTracking()
            .Where(entry => requests.Contains(entry.RequestId) && entry.Kind == EntryKind.Hold)
            .ToListAsync(cancellationToken);
        var byHold = entries.ToLookup(entry => entry.HoldId);
        foreach (var hold in holds.Values)
        {
            hold.Restore(byHold[hold.Id]);
        }

        return holds;
    }

    private static IQueryable<LedgerAccount> Accounts(AppDbContext db, Guid[] owners, Period[] periods, Guid[] ids) =>
        db.Database.ProviderName switch
        {
            PostgreSql => db.Set<LedgerAccount>().FromSqlRaw(
                """
                SELECT * FROM ledger_accounts WHERE (owner_id = ANY ({0}) AND period = ANY ({1})) OR id = ANY ({2})
                ORDER BY id FOR UPDATE
                """,
                owners,
                Labels(periods),
                ids),
            SqlServer => db.Set<LedgerAccount>().FromSqlRaw(
                """
                SELECT * FROM ledger_accounts WITH (UPDLOCK, ROWLOCK)
                WHERE (owner_id IN (SELECT CAST(value AS uniqueidentifier) FROM OPENJSON({0})) AND period IN (SELECT value FROM OPENJSON({1})))
                   OR id IN (SELECT CAST(value AS uniqueidentifier) FROM OPENJSON({2}))
                """,
                Json(owners),
                Json(Labels(periods)),
                Json(ids)),
            _ => db.Set<LedgerAccount>().Where(account =>
                (owners.Contains(account.OwnerId) && periods.Contains(account.Period)) || ids.Contains(account.Id)),
        };

    private static IQueryable<Hold> Holds(AppDbContext db, Guid[] ids) => db.Database.ProviderName switch
    {
        PostgreSql => db.Set<Hold>().FromSqlRaw("SELECT * FROM holds WHERE id = ANY ({0}) ORDER BY id FOR UPDATE", ids),
        SqlServer => db.Set<Hold>().FromSqlRaw(
            "SELECT * FROM holds WITH (UPDLOCK, ROWLOCK) WHERE id IN (SELECT CAST(value AS uniqueidentifier) FROM OPENJSON({0}))", Json(ids)),
        _ => db.Set<Hold>().Where(hold => ids.Contains(hold.Id)),
    };

    private static string[] Labels(Period[] periods) => Array.ConvertAll(periods, period => period.Label);

    private static string Json<T>(T[] values) => System.Text.Json.JsonSerializer.Serialize(values);
}
