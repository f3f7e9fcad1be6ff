using System.Data.Common;
using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

/// <summary>Somebody changes the books behind the ledger's back. Each test has a platform of its own.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public sealed class ReconcileLedgerTests(DatabaseProvider database)
{
    [Test]
    public async Task Reconcile_WhenNothingWasChanged_Balances()
    {
        await using var platform = await StartAsync(accounts: 3);
        await Money.DisputedAsync(platform);

        var answer = await ReconcileAsync(platform);

        Assert.That((Flag(answer, "balanced"), Flag(answer, "complete"), answer["next_cursor"]), Is.EqualTo((true, true, (JsonNode?)null)));
        Assert.That((Number(answer, "accounts"), Number(answer, "entries")), Is.EqualTo((4L, 14L)));
        Assert.That(answer["differences"]!.AsArray(), Is.Empty);
    }

    [TestCase("UPDATE ledger_accounts SET granted = granted + 7 WHERE id = {0}", "granted")]
    [TestCase("UPDATE ledger_accounts SET held = held + 7 WHERE id = {0}", "held")]
    [TestCase("UPDATE ledger_accounts SET spent = spent + 7 WHERE id = {0}", "spent")]
    [TestCase("UPDATE ledger_accounts SET entry_count = entry_count + 1 WHERE id = {0}", "entries")]
    [TestCase("UPDATE ledger_entries SET granted_delta = 1 WHERE sequence = 1 AND account_id = {0}", "granted")]
    [TestCase("UPDATE ledger_entries SET held_delta = 1 WHERE sequence = 2 AND account_id = {0}", "held")]
    [TestCase("UPDATE ledger_entries SET spent_delta = 1 WHERE sequence = 3 AND account_id = {0}", "spent")]
    public async Task Reconcile_WhenAnAmountWasChanged_NamesTheAccountAndBothSums(string sql, string sum)
    {
        await using var platform = await StartAsync(accounts: 3);
        var account = await AnAccountAsync(platform);

        await ExecuteAsync(platform, sql, account.Id);

        var difference = Difference(await ReconcileAsync(platform));
        Assert.That(difference["account_id"]!.GetValue<Guid>(), Is.EqualTo(account.Id));
        Assert.That(difference["account"]!["owner_id"]!.GetValue<Guid>(), Is.EqualTo(account.OwnerId));
        Assert.That(difference["kept"]![sum]!.GetValue<long>(), Is.Not.EqualTo(difference["summed"]![sum]!.GetValue<long>()));
    }

    [Test]
    public async Task Reconcile_WhenOnlyTheRunningBalanceOfTheLastEntryWasChanged_NamesTheAccount()
    {
        await using var platform = await StartAsync(accounts: 2);
        var account = await AnAccountAsync(platform);

        await ExecuteAsync(platform, "UPDATE ledger_entries SET available_after = 1 WHERE sequence = 4 AND account_id = {0}", account.Id);

        Assert.That(Difference(await ReconcileAsync(platform))["account_id"]!.GetValue<Guid>(), Is.EqualTo(account.Id));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(4)]
    public async Task Reconcile_WhenAnEntryIsMissing_NamesItsPlace(int sequence)
    {
        await using var platform = await StartAsync(accounts: 2);
        var account = await AnAccountAsync(platform);

        await ExecuteAsync(platform, $"DELETE FROM ledger_entries WHERE sequence = {sequence} AND account_id = {{0}}", account.Id);

        Assert.That(Difference(await ReconcileAsync(platform))["first_missing_entry"]!.GetValue<long>(), Is.EqualTo(sequence));
    }

    [Test]
    public async Task Reconcile_WhenAnEntryHasTheNumberOfAnother_NamesThatWhichIsMissing()
    {
        await using var platform = await StartAsync(accounts: 2);
        var account = await AnAccountAsync(platform);
        const string Renumber = "UPDATE ledger_entries SET sequence = 2 WHERE sequence = 3 AND account_id = {0}";
        if (database is not DatabaseProvider.Sqlite)
        {
            Assert.That(() => ExecuteAsync(platform, Renumber, account.Id), Throws.InstanceOf<DbException>(), "The schema has its say before.");
            return;
        }

        await ExecuteAsync(platform, Renumber, account.Id);

        Assert.That(Difference(await ReconcileAsync(platform))["first_missing_entry"]!.GetValue<long>(), Is.EqualTo(3));
    }

    [Test]
    public async Task Reconcile_WhenAHoldIsClosedWithoutItsEntry_FindsFundsSetAsideForNothing()
    {
        await using var platform = await StartAsync(accounts: 1);
        var hold = await Money.DisputedAsync(platform);

        await ExecuteAsync(platform, "UPDATE holds SET state = 3 WHERE id = {0}", hold);

        var difference = Difference(await ReconcileAsync(platform));
        Assert.That((difference["kept"]!["held"]!.GetValue<long>(), difference["open_holds"]!.GetValue<long>()), Is.EqualTo((1_000L, 0L)));
    }

    [Test]
    public async Task Reconcile_WhenHoldsAreDisputedOrLeftBehind_ListsBothWithTheirEvidence()
    {
        await using var platform = await TestPlatform.StartAsync(database, ("Metering:SweepInterval", "01:00:00"));
        var (disputed, account) = (await Money.DisputedAsync(platform), Money.NewAccount());
        var left = (await Money.Ledger(platform).PlaceHoldAsync(
            Money.Order(Unique.Id(), new HoldOrderLine(account, 500, 200)), CancellationToken.None)).HoldId!.Value;
        await Money.Ledger(platform).PlaceHoldAsync(
            Money.Order(Unique.Id(), new HoldOrderLine(account, 500, 200)), CancellationToken.None);
        var soon = TimeProvider.System.GetUtcNow();
        await platform.QueryAsync(db => db.Set<Hold>().Where(hold => hold.Id == left)
            .ExecuteUpdateAsync(change => change.SetProperty(hold => hold.ExpiresAt, soon)));

        var answer = await ReconcileAsync(platform);

        Assert.That(Flag(answer, "balanced"), Is.True, answer.Text);
        Assert.That(HoldIds(answer["disputed"]!), Is.EqualTo(new[] { disputed }));
        Assert.That(HoldIds(answer["unresolved"]!), Is.EqualTo(new[] { left }));
        Assert.That((answer["disputed"]!["count"]!.GetValue<int>(), answer["unresolved"]!["count"]!.GetValue<int>()), Is.EqualTo((1, 1)));
        Assert.That(answer["unresolved"]!["holds"]![0]!["amounts"]![0]!["amount"]!.GetValue<long>(), Is.EqualTo(200));
    }

    [Test]
    public async Task Reconcile_WhenReadPieceByPiece_LooksAtEveryAccountOnce()
    {
        await using var platform = await StartAsync(accounts: 7);
        var (cursor, accounts, pieces) = (string.Empty, 0L, 0);
        do
        {
            var answer = await ReconcileAsync(platform, $"max_accounts=3&cursor={cursor}");
            accounts += Number(answer, "accounts");
            cursor = answer["next_cursor"]?.GetValue<string>();
            pieces++;
        }
        while (cursor is not null);

        Assert.That((accounts, pieces), Is.EqualTo((7L, 3)));
    }

    [Test]
    public async Task Reconcile_WhileCallsRun_NeverFindsADifference()
    {
        await using var platform = await StartAsync(accounts: 1);
        var accounts = Enumerable.Range(0, 4).Select(_ => Money.NewAccount()).ToArray();
        var calls = Task.WhenAll(Enumerable.Range(0, 6).Select(async worker =>
        {
            for (var call = 0; call < 40; call++)
            {
                var requestId = Unique.Id();
                var decision = await Money.Ledger(platform).PlaceHoldAsync(
                    Money.Order(requestId, new HoldOrderLine(accounts[(worker + call) % 4], 1_000_000, 10)), CancellationToken.None);
                await Money.Journal(platform).CloseAsync(
                    Money.Record(requestId), new Settlement.Capture(decision.HoldId!.Value), CancellationToken.None);
            }
        }));

        var answers = new List<Answer>();
        do
        {
            answers.Add(await ReconcileAsync(platform));
        }
        while (!calls.IsCompleted);

        await calls;
        Assert.That(answers.Where(answer => !Flag(answer, "balanced")).Select(answer => answer.Text), Is.Empty);
    }

    [TestCase("cursor=x", "cursor must be the next_cursor of an earlier answer")]
    [TestCase("max_accounts=0", "max_accounts must be a number from 1 to 100000")]
    [TestCase("max_accounts=100001", "max_accounts must be a number from 1 to 100000")]
    [TestCase("max_accounts=many", "max_accounts must be a number from 1 to 100000")]
    public async Task Reconcile_WhenAFilterIsWrong_Is400(string query, string message) =>
        (await ReconcileAsync(await SharedPlatforms.GetAsync(database), query)).AssertBadRequest(message);

    [Test]
    public async Task Reconcile_WhenTheCallerIsNoAdministrator_Is403()
    {
        var api = (await SharedPlatforms.GetAsync(database)).Api();

        (await api.GetAsync("/admin/ledger/reconcile")).AssertUnauthenticated("Missing API Key header (API-Key)");
        (await api.GetAsync("/admin/ledger/reconcile", (await api.UserAsync()).ApiKey))
            .AssertForbidden("Admin privileges required to reconcile the ledger");
    }

    /// <summary>A platform with accounts of four entries each: a grant, a hold, its capture, and a hold that is open.</summary>
    private async Task<TestPlatform> StartAsync(int accounts)
    {
        var platform = await TestPlatform.StartAsync(database);
        for (var number = 0; number < accounts; number++)
        {
            var line = new HoldOrderLine(Money.NewAccount(), 100_000, 1_000);
            var paid = await Money.Ledger(platform).PlaceHoldAsync(Money.Order(Unique.Id(), line), CancellationToken.None);
            await Money.Journal(platform).CloseAsync(Money.Record(Unique.Id()), new Settlement.Capture(paid.HoldId!.Value), CancellationToken.None);
            await Money.Ledger(platform).PlaceHoldAsync(Money.Order(Unique.Id(), line), CancellationToken.None);
        }

        return platform;
    }

    private static Task<LedgerAccount> AnAccountAsync(TestPlatform platform) =>
        platform.QueryAsync(db => db.Set<LedgerAccount>().AsNoTracking().OrderByDescending(account => account.Id).FirstAsync());

    private static Task<int> ExecuteAsync(TestPlatform platform, string sql, Guid id) =>
        platform.QueryAsync(db => db.Database.ExecuteSqlRawAsync(sql, id));

    private static Task<Answer> ReconcileAsync(TestPlatform platform, string query = "") =>
        platform.Api().GetAsync($"/admin/ledger/reconcile?{query}", TestPlatform.AdminKey);

    private static JsonNode Difference(Answer answer)
    {
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(Flag(answer, "balanced"), Is.False, answer.Text);
        return answer["differences"]!.AsArray().Single()!;
    }

    private static IEnumerable<Guid> HoldIds(JsonNode pending) => pending["holds"]!.AsArray().Select(hold => hold!["hold_id"]!.GetValue<Guid>());

    private static bool Flag(Answer answer, string name) => answer[name]!.GetValue<bool>();

    private static long Number(Answer answer, string name) => answer[name]!.GetValue<long>();
}
