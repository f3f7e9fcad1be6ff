using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Metering.Model;

/// <summary>
/// A process decides on the accounts as it remembers them, and another process changes them meanwhile. Each test has the first process
/// remember an account of 10 that is all its own.
/// </summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public sealed class RememberedAccountTests(DatabaseProvider database)
{
    private const long Grant = 10;

    private readonly AccountKey _account = Money.NewAccount();

    [Test]
    public async Task Hold_WhenAnotherProcessSpentTheBalanceSince_IsRefused()
    {
        await using var ledger = await RememberAsync();
        await HoldAsync(ledger, process: 1, Grant);

        var decision = await TryHoldAsync(ledger, process: 0, 1);

        Assert.That((decision.HoldId, decision.Lacking), Is.EqualTo(((Guid?)null, _account)));
        await AssertStandingAsync(ledger, granted: Grant, held: Grant, spent: 0);
    }

    [Test]
    public async Task Hold_WhenAnotherProcessRaisedTheBalanceSince_IsNotRefusedForWhatIsRemembered()
    {
        await using var ledger = await RememberAsync();
        await ledger.Ledger(1).AdjustAsync(new AdjustmentOrder(Unique.Id(), Unique.Id(), _account, Grant, 25), CancellationToken.None);

        await HoldAsync(ledger, process: 0, 25);

        await AssertStandingAsync(ledger, granted: 25, held: 25, spent: 0);
    }

    [Test]
    public async Task Capture_WhenAnotherProcessSpentOfTheAccountSince_AddsToIt()
    {
        await using var ledger = await RememberAsync();
        var hold = await HoldAsync(ledger, process: 0, 4);
        await CaptureAsync(ledger, process: 1, await HoldAsync(ledger, process: 1, 3));

        await CaptureAsync(ledger, process: 0, hold);

        await AssertStandingAsync(ledger, granted: Grant, held: 0, spent: 7);
    }

    [Test]
    public async Task Payment_WhenAnotherProcessSpentOfTheAccountSince_IsBookedBeforeWhoReadsTheLedgerIsLetOn()
    {
        await using var ledger = await RememberAsync();
        var hold = await HoldAsync(ledger, process: 0, 4);
        await HoldAsync(ledger, process: 1, 3);

        var receipt = await ledger.Journal(0).PayAsync(Money.Record(Unique.Id()), new Settlement.Capture(hold), CancellationToken.None);
        await ledger.Journal(0).CatchUpAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.That(receipt!.Meters.Single().Paid, Is.EqualTo(4));
        await AssertStandingAsync(ledger, granted: Grant, held: 3, spent: 4);
    }

    [Test]
    public async Task Hold_WhenAnotherProcessHeldOfTheAccountSince_IsDecidedAnewWithItsWholeBatchAndNotAsAFailure()
    {
        await using var ledger = await RememberAsync();
        await HoldAsync(ledger, process: 1, 3);

        await HoldAsync(ledger, process: 0, 4);

        Assert.That(ledger.Log.Text, Does.Contain("Another process writes to the ledger too").And.Not.Contain("ledger steps failed"));
        await AssertStandingAsync(ledger, granted: Grant, held: 7, spent: 0);
    }

    [Test]
    public async Task Holds_OfTwoProcessesInTurns_TakeEveryUnitOnce()
    {
        await using var ledger = await RememberAsync();

        for (var unit = 0; unit < Grant; unit++)
        {
            // So long that nobody is known to write to the account any more.
            ledger.Clock.Move(TimeSpan.FromMinutes(1));
            await HoldAsync(ledger, unit % 2, 1);
        }

        Assert.That((await TryHoldAsync(ledger, process: 0, 1)).Lacking, Is.EqualTo(_account));
        Assert.That((await TryHoldAsync(ledger, process: 1, 1)).Lacking, Is.EqualTo(_account));
        await AssertStandingAsync(ledger, granted: Grant, held: Grant, spent: 0);
    }

    [Test]
    public async Task Holds_OfManyCallersOfTwoProcesses_TakeEveryUnitOnce()
    {
        await using var ledger = await RememberAsync();

        var decisions = await Task.WhenAll(Enumerable.Range(0, 64).Select(caller => TryHoldAsync(ledger, caller % 2, 1)));

        Assert.That(decisions.Count(decision => decision.HoldId is not null), Is.EqualTo(Grant));
        await AssertStandingAsync(ledger, granted: Grant, held: Grant, spent: 0);
    }

    private async Task<ModelledLedger> RememberAsync()
    {
        var ledger = await ModelledLedger.StartAsync(database, processes: 2);
        var given = await HoldAsync(ledger, process: 0, Grant);
        await ledger.Journal(0).CloseAsync(Money.Record(Unique.Id()), new Settlement.Release(given, "not sent"), CancellationToken.None);
        return ledger;
    }

    private Task<HoldDecision> TryHoldAsync(ModelledLedger ledger, int process, long amount) =>
        ledger.Ledger(process).PlaceHoldAsync(Money.Order(Unique.Id(), new HoldOrderLine(_account, Grant, amount)), CancellationToken.None);

    private async Task<Guid> HoldAsync(ModelledLedger ledger, int process, long amount)
    {
        var decision = await TryHoldAsync(ledger, process, amount);
        return decision.HoldId ?? throw new AssertionException($"There was not enough on {decision.Lacking}.");
    }

    private static Task<CallReceipt?> CaptureAsync(ModelledLedger ledger, int process, Guid hold) =>
        ledger.Journal(process).CloseAsync(Money.Record(Unique.Id()), new Settlement.Capture(hold), CancellationToken.None);

    private async Task AssertStandingAsync(ModelledLedger ledger, long granted, long held, long spent)
    {
        await using var db = ledger.Open();
        var account = await db.Set<LedgerAccount>().AsNoTracking().SingleAsync(row => row.OwnerId == _account.OwnerId);
        Assert.That((account.Granted, account.Held, account.Spent), Is.EqualTo((granted, held, spent)));
        await Money.AssertBooksBalanceAsync(db);
    }
}
