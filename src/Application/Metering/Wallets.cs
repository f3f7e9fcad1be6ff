using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Metering;

internal sealed class Wallets(IMeteringDb db) : IWallets
{
    public async Task<AccountBalance> OfAsync(Guid userId, CancellationToken cancellationToken)
    {
        var wallet = await db.LedgerAccounts.AsNoTracking()
            .Where(account => account.OwnerKind == OwnerKind.User && account.OwnerId == userId && account.Meter == Meter.Wallet)
            .Select(account => new { account.Granted, account.Held, account.Spent })
            .FirstOrDefaultAsync(cancellationToken);
        return new AccountBalance(
            new AccountKey(OwnerKind.User, userId, Meter.Wallet, Period.Always), wallet?.Granted ?? 0, wallet?.Held ?? 0, wallet?.Spent ?? 0);
    }
}
