using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Metering;

/// <summary>One transaction a step; every decision is made under the row locks of the accounts that it touches.</summary>
internal sealed class Ledger(LedgerTransactions transactions, TimeProvider time, IOptions<MeteringOptions> options) : ILedger, ICallJournal
{
    public Task<HoldDecision> PlaceHoldAsync(HoldOrder order, CancellationToken cancellationToken) =>
        transactions.RunAsync(db => PlaceHoldAsync(db, order, cancellationToken), cancellationToken);

    public Task<AccountBalance> OpenAsync(AccountKey account, long openingGrant, Guid requestId, CancellationToken cancellationToken) =>
        transactions.RunAsync(
            async db => Balance(await db.OpenAccountAsync(account, openingGrant, new EntryCause(requestId), time, cancellationToken)),
            cancellationToken);

    public Task<AccountBalance> AdjustAsync(AdjustmentOrder order, CancellationToken cancellationToken) =>
        transactions.RunAsync(
            async db =>
            {
                var cause = new EntryCause(order.RequestId, ActorId: order.ActorId);
                var account = await db.OpenAccountAsync(order.Account, order.OpeningGrant, cause, time, cancellationToken);
                db.Add(account.AdjustTo(order.Available, cause, time.GetUtcNow()));
                return Balance(account);
            },
            cancellationToken);

    public Task CloseAsync(AuditRecord record, Settlement? settlement, CancellationToken cancellationToken) =>
        transactions.RunAsync(
            async db =>
            {
                if (settlement is not null)
                {
                    record.Charge(settlement.HoldId, await SettleAsync(db, settlement, cancellationToken));
                }

                db.Add(record);
                return record;
            },
            cancellationToken);

    private static AccountBalance Balance(LedgerAccount account) =>
        new(account.Key, account.Granted, account.Held, account.Spent);

    private async Task<HoldDecision> PlaceHoldAsync(AppDbContext db, HoldOrder order, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var hold = new Hold(Guid.CreateVersion7(now), order.RequestId, order.PriceVersionId, options.Value.HoldExpiry, now);
        var accounts = new List<(LedgerAccount Account, long Amount)>(order.Lines.Count);
        foreach (var line in order.Lines.OrderBy(line => line.Account))
        {
            var account = await db.OpenAccountAsync(line.Account, line.OpeningGrant, new EntryCause(order.RequestId), time, cancellationToken);
            if (!account.CanHold(line.Amount))
            {
                return new HoldDecision(null, line.Account);
            }

            accounts.Add((account, line.Amount));
        }

        db.AddRange(accounts.ConvertAll(line => hold.Take(line.Account, line.Amount, now)));
        if (order.Dispatched)
        {
            hold.Dispatch(now);
        }

        db.Add(hold);
        return new HoldDecision(hold.Id, null);
    }

    private async Task<long> SettleAsync(AppDbContext db, Settlement settlement, CancellationToken cancellationToken)
    {
        var hold = await db.LockHoldAsync(settlement.HoldId, cancellationToken);
        await db.Entry(hold).Collection(h => h.Lines).LoadAsync(cancellationToken);
        var keys = await db.Set<LedgerAccount>().AsNoTracking()
            .Where(account => hold.Lines.Select(line => line.AccountId).Contains(account.Id))
            .ToListAsync(cancellationToken);
        var accounts = new Dictionary<Guid, LedgerAccount>();
        foreach (var key in keys.OrderBy(account => account.Key))
        {
            accounts[key.Id] = await db.LockAccountAsync(key.Id, cancellationToken);
        }

        var now = time.GetUtcNow();
        db.AddRange(settlement switch
        {
            Settlement.Capture => hold.Capture(accounts, now),
            Settlement.Release release => hold.Release(accounts, AuditText.Cut(release.Reason, HoldConfiguration.MaxReasonLength)!, now),
            _ => throw new ArgumentOutOfRangeException(nameof(settlement), settlement, null),
        });
        return hold.Lines.Sum(line => line.Captured ?? 0);
    }
}
