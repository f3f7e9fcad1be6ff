using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Metering;

/// <summary>
/// Reads rows so that nobody else changes them before the transaction ends. SQLite needs nothing: its transaction holds the
/// file's one write lock from the start.
/// </summary>
internal static class RowLock
{
    public static Task<LedgerAccount?> LockAccountAsync(this AppDbContext db, AccountKey key, CancellationToken cancellationToken)
    {
        var (kind, owner, meter, period) = key;
        return db.Set<LedgerAccount>()
            .FromSqlRaw(Select(db, "ledger_accounts", "owner_kind = {0} AND owner_id = {1} AND meter = {2} AND period_start = {3}"), (int)kind, owner, (int)meter, period)
            .AsTracking()
            .SingleOrDefaultAsync(cancellationToken);
    }

    public static Task<LedgerAccount> LockAccountAsync(this AppDbContext db, Guid id, CancellationToken cancellationToken) =>
        db.Set<LedgerAccount>().FromSqlRaw(Select(db, "ledger_accounts", "id = {0}"), id).AsTracking().SingleAsync(cancellationToken);

    public static Task<Hold> LockHoldAsync(this AppDbContext db, Guid id, CancellationToken cancellationToken) =>
        db.Set<Hold>().FromSqlRaw(Select(db, "holds", "id = {0}"), id).AsTracking().SingleAsync(cancellationToken);

    private static string Select(AppDbContext db, string table, string where) => db.Database.ProviderName switch
    {
        "Npgsql.EntityFrameworkCore.PostgreSQL" => $"SELECT * FROM {table} WHERE {where} FOR UPDATE",
        "Microsoft.EntityFrameworkCore.SqlServer" => $"SELECT * FROM {table} WITH (UPDLOCK, ROWLOCK) WHERE {where}",
        _ => $"SELECT * FROM {table} WHERE {where}",
    };
}
