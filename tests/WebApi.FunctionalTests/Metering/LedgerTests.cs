using System.Data.Common;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

public sealed class LedgerTests(DatabaseProvider database) : PlatformTests(database)
{
    [Test]
    public async Task Open_WhenManyCallsAreTheFirstOfTheMonth_MakesOneAccountWithOneGrant()
    {
        var account = Money.NewAccount();

        var balances = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ =>
            Money.Ledger(Platform).OpenAsync(account, 7_000, Unique.Id(), CancellationToken.None)));

        Assert.That(balances, Has.All.Matches<AccountBalance>(balance => balance.Available == 7_000));
        var stored = await Money.StoredAsync(Platform, account);
        Assert.That(stored.Entries.Select(entry => entry.Kind), Is.EqualTo(new[] { EntryKind.Grant }));
    }

    [Test]
    public async Task PlaceHold_WhenManyCompeteForFewFunds_GrantsExactlyWhatThereIs()
    {
        var account = Money.NewAccount();

        var decisions = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => HoldAsync(account, granted: 10_000, amount: 1_000)));
        var held = decisions.Where(decision => decision.HoldId is not null).ToList();
        await Task.WhenAll(held.Select(decision => CloseAsync(new Settlement.Capture(decision.HoldId!.Value))));

        Assert.That(held, Has.Count.EqualTo(10));
        var stored = await Money.StoredAsync(Platform, account);
        Assert.That((stored.Account.Held, stored.Account.Spent, stored.Account.Available), Is.EqualTo((0L, 10_000L, 0L)));
        Assert.That(stored.Entries.Where(entry => entry.Kind is EntryKind.Capture).Sum(entry => entry.SpentDelta), Is.EqualTo(10_000));
        Assert.That(
            decisions.Where(decision => decision.HoldId is null).Select(decision => decision.Lacking), Has.All.EqualTo(account));
    }

    [Test]
    public async Task PlaceHold_WhenRefused_LeavesNoHoldAndNoEntryOfItsOwn()
    {
        var account = Money.NewAccount();
        await Money.Ledger(Platform).OpenAsync(account, 500, Unique.Id(), CancellationToken.None);
        var requestId = Unique.Id();

        var decision = await HoldAsync(account, granted: 0, amount: 501, requestId);

        Assert.That((decision.HoldId, decision.Lacking), Is.EqualTo(((Guid?)null, (AccountKey?)account)));
        var stored = await Money.StoredAsync(Platform, account);
        Assert.That(stored.Entries, Has.Count.EqualTo(1));
        Assert.That(await Platform.QueryAsync(db => db.Set<Hold>().AnyAsync(hold => hold.RequestId == requestId)), Is.False);
    }

    [Test]
    public async Task PlaceHold_WhenOneOfTwoAccountsLacksFunds_HoldsOnNeither()
    {
        var (rich, poor) = (Money.NewAccount(), Money.NewAccount());
        await Money.Ledger(Platform).OpenAsync(rich, 1_000, Unique.Id(), CancellationToken.None);
        HoldOrderLine[] lines = [new(rich, 0, 100), new(poor, 50, 100)];

        var decision = await Money.Ledger(Platform).PlaceHoldAsync(
            Money.Order(Unique.Id(), lines), CancellationToken.None);

        Assert.That((decision.HoldId, decision.Lacking), Is.EqualTo(((Guid?)null, (AccountKey?)poor)));
        Assert.That((await Money.StoredAsync(Platform, rich)).Account.Held, Is.Zero);
    }

    [Test]
    public async Task PlaceHold_WhenTheRequestHasOneAlready_HoldsNothingMore()
    {
        var (account, requestId) = (Money.NewAccount(), Unique.Id());
        var first = await HoldAsync(account, 1_000, 100, requestId);

        var second = await HoldAsync(account, 0, 100, requestId);

        Assert.That(second.HoldId, Is.EqualTo(first.HoldId));
        Assert.That((await Money.StoredAsync(Platform, account)).Account.Held, Is.EqualTo(100));
    }

    [Test]
    public async Task PlaceHold_WhenPairsOfAccountsAreNamedInOppositeOrders_DoesNotDeadlock()
    {
        var (first, second) = (Money.NewAccount(), Money.NewAccount());

        var decisions = await Task.WhenAll(Enumerable.Range(0, 40).Select(number =>
        {
            HoldOrderLine[] lines = [new(first, 100_000, 10), new(second, 100_000, 10)];
            return Money.Ledger(Platform).PlaceHoldAsync(
                Money.Order(Unique.Id(), number % 2 == 0 ? lines : [.. lines.Reverse()]), CancellationToken.None);
        }));

        Assert.That(decisions, Has.All.Matches<HoldDecision>(decision => decision.HoldId is not null));
        Assert.That((await Money.StoredAsync(Platform, second)).Account.Held, Is.EqualTo(400));
    }

    [Test]
    public async Task Release_WhenCommitted_RestoresWhatWasHeldAndChargesNothing()
    {
        var account = Money.NewAccount();
        var hold = (await HoldAsync(account, 1_000, 400)).HoldId!.Value;

        var record = await CloseAsync(new Settlement.Release(hold, "provider_failed"));

        var stored = await Money.StoredAsync(Platform, account);
        Assert.That((stored.Account.Available, stored.Account.Held, stored.Account.Spent), Is.EqualTo((1_000L, 0L, 0L)));
        Assert.That((record.Charged, record.HoldId), Is.EqualTo((0L, (Guid?)hold)));
        Assert.That((await HoldOfAsync(hold)).Reason, Is.EqualTo("provider_failed"));
    }

    [Test]
    public async Task Release_WhenItsReasonIsLong_KeepsTheStartOfIt()
    {
        var hold = (await HoldAsync(Money.NewAccount(), 1_000, 400)).HoldId!.Value;

        await CloseAsync(new Settlement.Release(hold, new string('r', 10_000)));

        Assert.That((await HoldOfAsync(hold)).Reason, Has.Length.EqualTo(200));
    }

    [Test]
    public async Task Close_WhenTheHoldWasSettledElsewhere_WritesTheRecordAndChargesNothing()
    {
        var account = Money.NewAccount();
        var hold = (await HoldAsync(account, 1_000, 400)).HoldId!.Value;
        await CloseAsync(new Settlement.Capture(hold));

        var (captured, released) = (Unique.Id(), Unique.Id());
        await CloseAsync(new Settlement.Capture(hold) { Usage = new CallUsage(null, new Delivery("gpt-4o-mini", "OpenAI", new ModelUsage(1, 0, 1))) }, captured);
        await CloseAsync(new Settlement.Release(hold, "late"), released);

        var stored = await Money.StoredAsync(Platform, account);
        Assert.That((stored.Account.Spent, stored.Account.Available), Is.EqualTo((400L, 600L)));
        Assert.That(stored.Entries.Count(entry => entry.Kind is EntryKind.Capture), Is.EqualTo(1));
        foreach (var late in new[] { captured, released })
        {
            var record = await Platform.AuditRecordAsync(late);
            Assert.That(
                (record.HoldId, record.Charged, record.Error),
                Is.EqualTo(((Guid?)hold, 0L, $"settled_elsewhere: hold {hold} was captured before the call ended")));
        }

        var requestId = (await HoldOfAsync(hold)).RequestId;
        Assert.That(await Platform.QueryAsync(db => db.Set<UsageRecord>().AnyAsync(usage => usage.RequestId == requestId)), Is.False);
    }

    [Test]
    public async Task Settling_WhenManyTryAtOnce_SettlesOnceAndRecordsAll()
    {
        var account = Money.NewAccount();
        var hold = (await HoldAsync(account, 1_000, 400)).HoldId!.Value;

        var records = await Task.WhenAll(Enumerable.Range(0, 10).Select(number =>
            CloseAsync(number % 2 == 0 ? new Settlement.Capture(hold) : new Settlement.Release(hold, "race"))));

        Assert.That(records.Count(record => record.Error is null), Is.EqualTo(1));
        Assert.That(await Platform.QueryAsync(db => db.Set<AuditRecord>().CountAsync(record => record.HoldId == hold)), Is.EqualTo(10));
        Assert.That((await Money.StoredAsync(Platform, account)).Entries, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Capture_WhenTheAuditRecordCannotBeWritten_IsNotCommitted()
    {
        var account = Money.NewAccount();
        var hold = (await HoldAsync(account, 1_000, 400)).HoldId!.Value;
        var unwritable = Money.Record(Unique.Id(), method: null!);

        Assert.That(
            () => Money.Journal(Platform).CloseAsync(unwritable, new Settlement.Capture(hold), CancellationToken.None),
            Throws.InstanceOf<DbException>());
        await AssertUnpaidAsync(account, hold);
    }

    [Test]
    public async Task Capture_WhenTheRequestHasARecordAlready_IsNotCommitted()
    {
        var (account, requestId) = (Money.NewAccount(), Unique.Id());
        var hold = (await HoldAsync(account, 1_000, 400, requestId)).HoldId!.Value;
        await Platform.QueryAsync(db =>
        {
            db.Add(Money.Record(requestId));
            return db.SaveChangesAsync();
        });

        Assert.That(() => CloseAsync(new Settlement.Capture(hold), requestId), Throws.Exception);
        await AssertUnpaidAsync(account, hold);
    }

    [Test]
    public async Task Capture_WhenItsHoldIsRefused_WritesNoAuditRecord()
    {
        var requestId = Unique.Id();

        Assert.That(() => CloseAsync(new Settlement.Capture(Unique.Id()), requestId), Throws.InstanceOf<InvalidOperationException>());
        Assert.That(await Platform.QueryAsync(db => db.Set<AuditRecord>().AnyAsync(record => record.Id == requestId)), Is.False);
    }

    [Test]
    public async Task Adjust_WhenFundsAreHeld_MakesExactlyThatAvailableBesideThem()
    {
        var account = Money.NewAccount();
        var hold = (await HoldAsync(account, 1_000, 400)).HoldId!.Value;

        var balance = await Money.Ledger(Platform).AdjustAsync(
            new AdjustmentOrder(Unique.Id(), Unique.Id(), account, 0, 50), CancellationToken.None);
        await CloseAsync(new Settlement.Capture(hold));

        Assert.That((balance.Available, balance.Held), Is.EqualTo((50L, 400L)));
        Assert.That((await Money.StoredAsync(Platform, account)).Account.Available, Is.EqualTo(50));
    }

    [TestCase("UPDATE ledger_accounts SET spent = granted + 1 WHERE id = {0}")]
    [TestCase("UPDATE ledger_accounts SET held = granted - spent + 1 WHERE id = {0}")]
    [TestCase("UPDATE ledger_accounts SET granted = -1 WHERE id = {0}")]
    [TestCase("UPDATE ledger_accounts SET held = -1 WHERE id = {0}")]
    [TestCase("UPDATE ledger_accounts SET spent = -1 WHERE id = {0}")]
    public async Task Account_WhenItIsOverdrawnBehindTheLedgersBack_IsRefusedByTheDatabase(string sql)
    {
        var account = Money.NewAccount();
        await Money.Ledger(Platform).OpenAsync(account, 1_000, Unique.Id(), CancellationToken.None);
        var id = (await Money.StoredAsync(Platform, account)).Account.Id;

        Assert.That(
            () => Platform.QueryAsync(db => db.Database.ExecuteSqlRawAsync(sql, id)),
            Throws.InstanceOf<DbException>());
    }

    private async Task AssertUnpaidAsync(AccountKey account, Guid hold)
    {
        Assert.That((await HoldOfAsync(hold)).State, Is.EqualTo(HoldState.Dispatched));
        var stored = await Money.StoredAsync(Platform, account);
        Assert.That((stored.Account.Held, stored.Account.Spent), Is.EqualTo((400L, 0L)));
        Assert.That(stored.Entries.Select(entry => entry.Kind), Is.EqualTo(new[] { EntryKind.Grant, EntryKind.Hold }));
    }

    private async Task<AuditRecord> CloseAsync(Settlement settlement, Guid? requestId = null)
    {
        var record = Money.Record(requestId ?? Unique.Id());
        await Money.Journal(Platform).CloseAsync(record, settlement, CancellationToken.None);
        return record;
    }

    private Task<HoldDecision> HoldAsync(AccountKey account, long granted, long amount, Guid? requestId = null) =>
        Money.Ledger(Platform).PlaceHoldAsync(
            Money.Order(requestId ?? Unique.Id(), new HoldOrderLine(account, granted, amount)), CancellationToken.None);

    private Task<Hold> HoldOfAsync(Guid id) => Platform.QueryAsync(db => db.Set<Hold>().AsNoTracking().SingleAsync(hold => hold.Id == id));
}
