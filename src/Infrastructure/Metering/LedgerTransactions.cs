using System.Data;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Metering;

/// <summary>Runs one ledger step in one transaction on a context of its own, apart from whatever the handler is doing.</summary>
internal sealed class LedgerTransactions(IDbContextFactory<AppDbContext> contexts) : IDisposable
{
    // SQLite has one writer: waiting here is fair and cheap, waiting in the engine is polling.
    private readonly SemaphoreSlim _singleWriter = new(1, 1);

    public async Task<T> RunAsync<T>(Func<AppDbContext, Task<T>> step, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (!db.Database.IsSqlite())
        {
            return await RunAsync(db, IsolationLevel.ReadCommitted, step, cancellationToken);
        }

        await _singleWriter.WaitAsync(cancellationToken);
        try
        {
            return await RunAsync(db, IsolationLevel.Serializable, step, cancellationToken);
        }
        finally
        {
            _singleWriter.Release();
        }
    }

    public void Dispose() => _singleWriter.Dispose();

    private static async Task<T> RunAsync<T>(
        AppDbContext db, IsolationLevel isolation, Func<AppDbContext, Task<T>> step, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(isolation, cancellationToken);
        var result = await step(db);
        await db.SaveChangesAsync(cancellationToken);

        // From here on the step is decided; the caller's departure must not leave its outcome unknown.
        await transaction.CommitAsync(CancellationToken.None);
        return result;
    }
}
