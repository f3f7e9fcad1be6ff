using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Metering;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Metering;

/// <summary>What an administrator orders of accounts in this call.</summary>
internal sealed class AccountOrders(ICallContext call, CallRecord record, IMeteringDb db, ILedger ledger, IPlatformClock clock)
{
    /// <summary>The administrator.</summary>
    public Guid ActorId => record.RequiredCaller.UserId;

    public DateTimeOffset Now => clock.Now;

    /// <summary>The account of the current period.</summary>
    public AccountKey Current(LedgerOwner owner, Meter meter) =>
        new(owner.Kind, owner.Id, meter, Period.Of(MeterUnits.PeriodOf(meter), clock.Now, clock.Zone));

    public AccountOrder Order(string reason) => new(call.RequestId, ActorId, reason.Trim());

    /// <summary>The standing of an account; <see langword="null"/> where no call has opened it.</summary>
    public Task<AccountBalance?> FindAsync(AccountKey key, CancellationToken cancellationToken) => db.LedgerAccounts
        .Where(account => account.OwnerId == key.OwnerId && account.OwnerKind == key.OwnerKind && account.Meter == key.Meter
            && account.Period == key.Period)
        .Select(account => new AccountBalance(key, account.Granted, account.Held, account.Spent))
        .FirstOrDefaultAsync(cancellationToken);

    /// <summary>Lets a changed limit act on the account of the current period; one that no call has opened opens with it.</summary>
    public async Task<OwnerAccount> RegrantAsync(AccountKey key, long amount, CancellationToken cancellationToken)
    {
        var balance = await FindAsync(key, cancellationToken) is null
            ? null
            : await ledger.RegrantAsync(key, amount, Order("the limit was changed"), cancellationToken);
        return View(key, amount, amount, balance);
    }

    public OwnerAccount View(AccountKey key, long? limit, long openingGrant, AccountBalance? balance) =>
        OwnerAccount.Of(key, limit, openingGrant, balance, clock.Now, clock.Zone);
}
