using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Metering;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Metering;

internal sealed class Wallets(IMeteringDb db, ILedger ledger, IWalletPolicy policy, ICallContext call) : IWallets, INewcomerWallets
{
    public Task<AccountBalance?> FindAsync(Guid userId, CancellationToken cancellationToken)
    {
        var key = KeyOf(userId);
        return db.LedgerAccounts.AsNoTracking()
            .Where(account => account.OwnerKind == OwnerKind.User && account.OwnerId == userId && account.Meter == Meter.Wallet)
            .Select(account => new AccountBalance(key, account.Granted, account.Held, account.Spent))
            .FirstOrDefaultAsync(cancellationToken);
    }

    public async Task<AccountBalance> OfAsync(Guid userId, CancellationToken cancellationToken) =>
        await FindAsync(userId, cancellationToken) ?? new AccountBalance(KeyOf(userId), 0, 0, 0);

    public async Task WelcomeAsync(Guid userId, string person, CancellationToken cancellationToken)
    {
        var reference = $"newcomer:{person}";
        if (policy.NewcomerBalance > 0 && !await db.Deposits.AnyAsync(deposit => deposit.Reference == reference, cancellationToken))
        {
            var order = new AccountOrder(call.RequestId, userId, "a newcomer's wallet");
            await ledger.DepositAsync(KeyOf(userId), policy.NewcomerBalance, reference, order, cancellationToken);
        }
    }

    private static AccountKey KeyOf(Guid userId) => new(OwnerKind.User, userId, Meter.Wallet, Period.Always);
}
