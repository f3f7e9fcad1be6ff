using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Metering;

internal static class OpenedAccounts
{
    /// <summary>Locks an account; the first call of a period makes it and books the period's grant, in the same transaction.</summary>
    public static async Task<LedgerAccount> OpenAccountAsync(
        this AppDbContext db, AccountKey key, long openingGrant, EntryCause cause, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await db.LockAccountAsync(key, cancellationToken) is { } existing)
        {
            return existing;
        }

        var account = new LedgerAccount(key, time.GetUtcNow());
        var grant = account.Grant(openingGrant, cause, time.GetUtcNow());
        db.AddRange(account, grant);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return account;
        }
        catch (DbUpdateException)
        {
            // Another process opened it in the meantime. SaveChanges went back to its savepoint, so the transaction goes on.
            db.Entry(grant).State = EntityState.Detached;
            db.Entry(account).State = EntityState.Detached;
            return await db.LockAccountAsync(key, cancellationToken)
                ?? throw new InvalidOperationException($"Account {key} could be neither opened nor read.");
        }
    }
}
