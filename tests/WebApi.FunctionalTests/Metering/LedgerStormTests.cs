using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
public sealed class LedgerStormTests(DatabaseProvider database)
{
    private const int Workers = 8;
    private const int StepsOfAWorker = 40;

    [TestCase(1)]
    [TestCase(2)]
    public async Task Books_WhenManyDoEverythingAtOnce_BalanceForEveryAccount(int seed)
    {
        await using var platform = await TestPlatform.StartAsync(database);
        var accounts = Enumerable.Range(0, 5).Select(_ => Money.NewAccount()).ToArray();

        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => WorkAsync(platform, accounts, new Random((seed * 1_000) + worker))));

        await Money.AssertBooksBalanceAsync(platform);
        var (reconciled, verified) = (await AdministerAsync(platform, "/admin/ledger/reconcile"), await AdministerAsync(platform, "/audit/verify"));
        Assert.That(reconciled["balanced"]!.GetValue<bool>(), Is.True, reconciled.Text);
        Assert.That(verified["valid"]!.GetValue<bool>(), Is.True, verified.Text);
        var states = await platform.QueryAsync(db => db.Set<Hold>().Select(hold => hold.State).Distinct().ToListAsync());
        Assert.That(states, Is.SupersetOf(new[] { HoldState.Dispatched, HoldState.Captured, HoldState.Released }), "The storm did too little.");
    }

    private static Task<Answer> AdministerAsync(TestPlatform platform, string path) => platform.Api().GetAsync(path, TestPlatform.AdminKey);

    private static async Task WorkAsync(TestPlatform platform, AccountKey[] accounts, Random dice)
    {
        for (var step = 0; step < StepsOfAWorker; step++)
        {
            if (dice.Next(8) == 0)
            {
                await Money.Ledger(platform).AdjustAsync(
                    new AdjustmentOrder(Unique.Id(), Unique.Id(), accounts[dice.Next(accounts.Length)], 1_000, dice.Next(2_000)),
                    CancellationToken.None);
                continue;
            }

            var requestId = Unique.Id();
            HoldOrderLine[] lines = [.. dice.GetItems(accounts, 2).Distinct().Select(account => new HoldOrderLine(account, 1_000, dice.Next(1, 300)))];
            var decision = await Money.Ledger(platform).PlaceHoldAsync(
                Money.Order(requestId, lines), CancellationToken.None);
            if (decision.HoldId is { } hold && dice.Next(10) > 0)
            {
                await Money.Journal(platform).CloseAsync(
                    Money.Record(requestId),
                    dice.Next(2) == 0 ? new Settlement.Capture(hold) : new Settlement.Release(hold, "storm"),
                    CancellationToken.None);
            }
        }
    }
}
