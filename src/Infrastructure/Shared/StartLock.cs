using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiPlatform.Infrastructure.Shared;

/// <summary>Lets one process at a time fill an empty database, however many replicas are started together.</summary>
internal static class StartLock
{
    // Any constant that nothing else in the database locks by.
    private const long Key = 0x4149_504C_4154;

    /// <summary>Begins a transaction that holds the lock until it ends. Whoever waited reads what the one before has committed.</summary>
    public static async Task<IDbContextTransaction> BeginAsync(AppDbContext db, CancellationToken cancellationToken)
    {
        var isolation = db.Database.IsSqlite() ? IsolationLevel.Serializable : IsolationLevel.ReadCommitted;
        var transaction = await db.Database.BeginTransactionAsync(isolation, cancellationToken);
        try
        {
            if (Statement(db) is { } statement)
            {
                await db.Database.ExecuteSqlRawAsync(statement, [Key], cancellationToken);
            }

            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    // SQLite needs none: its transaction holds the file's one write lock from the start.
    private static string? Statement(AppDbContext db) => db.Database.ProviderName switch
    {
        "Npgsql.EntityFrameworkCore.PostgreSQL" => "SELECT pg_advisory_xact_lock({0})",
        "Microsoft.EntityFrameworkCore.SqlServer" =>
            // It answers below 0 where it gave no lock, after 25 s: before the statement's own time-out.
            """
            DECLARE @resource nvarchar(255) = CONVERT(nvarchar(255), {0}), @granted int;
            EXEC @granted = sp_getapplock @resource, 'Exclusive', 'Transaction', 25000;
            IF @granted < 0 BEGIN; THROW 50000, 'Another replica fills the database. Start this one again when it has.', 1; END
            """,
        _ => null,
    };
}
