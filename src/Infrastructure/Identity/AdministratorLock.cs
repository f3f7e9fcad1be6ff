using System.Data;
using AiPlatform.Domain.Identity;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiPlatform.Infrastructure.Identity;

internal static class AdministratorLock
{
    /// <summary>
    /// Begins a transaction and locks every active administrator in the order of their ids. Whoever waited for the lock reads
    /// what the one before has committed.
    /// </summary>
    public static async Task<IDbContextTransaction> BeginAsync(AppDbContext db, CancellationToken cancellationToken)
    {
        var isolation = db.Database.IsSqlite() ? IsolationLevel.Serializable : IsolationLevel.ReadCommitted;
        var transaction = await db.Database.BeginTransactionAsync(isolation, cancellationToken);
        try
        {
            if (Select(db) is { } select)
            {
                await db.Set<User>().FromSqlRaw(select, Tiers.Administrator, true).AsNoTracking().ToListAsync(cancellationToken);
            }

            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    // SQLite needs no lock: its transaction holds the file's one write lock from the start.
    private static string? Select(AppDbContext db) => db.Database.ProviderName switch
    {
        "Npgsql.EntityFrameworkCore.PostgreSQL" =>
            "SELECT * FROM users WHERE tier = {0} AND active = {1} AND deleted_at IS NULL ORDER BY id FOR UPDATE",
        "Microsoft.EntityFrameworkCore.SqlServer" =>
            "SELECT * FROM users WITH (UPDLOCK, ROWLOCK) WHERE tier = {0} AND active = {1} AND deleted_at IS NULL ORDER BY id",
        _ => null,
    };
}
