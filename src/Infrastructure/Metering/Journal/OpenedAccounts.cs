using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Metering.Journal;

internal static class OpenedAccounts
{
    /// <summary>Opens an account and books the period's grant; where another process was first, its account is locked instead.</summary>
    public static async Task<LedgerAccount> OpenAccountAsync(
        this AppDbContext db, AccountKey key, long openingGrant, EntryCause cause, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var account = new LedgerAccount(key, now);
        var grant = account.Grant(openingGrant, cause, now);
        db.AddRange(account, grant);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return account;
        }
        catch (DbUpdateException)
        {
            // SaveChanges went back to its savepoint, so the transaction goes on.
            db.Entry(grant).State = EntityState.Detached;
            db.Entry(account).State = EntityState.Detached;
            var accounts = await db.LockAccountsAsync([key], [], cancellationToken);
            return accounts.TryGetValue(key, out var opened)
                ? opened
                : throw new InvalidOperationException($"Account {key} could be neither opened nor read.");
        }
    }
}
