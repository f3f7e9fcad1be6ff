using System.Globalization;
using System.Net;
using AiPlatform.Application.Metering;
using AiPlatform.Application.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

/// <summary>How SQLite finds the rows of one owner, which wait for a while before they are filed.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class DeferredIndexTests
{
    // So many rows are filed at once that these are enough, together with what calls add.
    private const int Enough = 16_384;

    [Test]
    public async Task Rows_WhetherTheyWaitOrAreFiled_AreListedAlike()
    {
        await using var platform = await TestPlatform.StartAsync(DatabaseProvider.Sqlite);
        var api = platform.Api();
        var (person, other) = (await api.UserAsync(), await api.UserAsync());
        await AskAsync(api, person, 2);
        await AskAsync(api, other, 1);
        await platform.CatchUpAsync();
        var waiting = await ListsAsync(api, person);
        Assert.That(await FiledAsync(platform), Is.Zero);

        await AddRowsOfOthersAsync(platform);
        await FileAsync(platform);

        foreach (var (table, owner) in new[] { ("audit_records", "user_id"), ("ledger_entries", "account_id"), ("usage_records", "user_id") })
        {
            Assert.That(await FiledPlacesAsync(platform, $"{table}_by_owner", table), Is.EqualTo(await FiledPlacesAsync(platform, table, table, owner)));
        }

        Assert.That(await ListsAsync(api, person), Is.EqualTo(waiting));
        await AskAsync(api, person, 1);
        await platform.CatchUpAsync();
        Assert.That((await ListsAsync(api, person)).Select(list => list.Count), Is.EqualTo(new[] { 7, 4, 3 }));
    }

    [Test]
    public async Task RowsOfOneOwner_AreFoundByThatOwnerAndNotSorted()
    {
        await using var platform = await TestPlatform.StartAsync(DatabaseProvider.Sqlite);
        var owner = Unique.Id();

        await AssertPlanAsync(platform, "audit_records", db => ((IOperationsDb)db).AuditRecordsOf(owner)
            .OrderByDescending(record => record.StartedAt).ThenByDescending(record => record.Id).Take(20));
        await AssertPlanAsync(platform, "usage_records", db => ((IMeteringDb)db).UsageOf([owner])
            .Where(usage => usage.OwnTokens > 0).OrderByDescending(usage => usage.CreatedAt).ThenByDescending(usage => usage.RequestId).Take(20));
        await AssertPlanAsync(platform, "ledger_entries", db => ((IMeteringDb)db).EntriesOf(owner)
            .OrderByDescending(entry => entry.CreatedAt).ThenByDescending(entry => entry.Sequence).Take(20));
    }

    [Test]
    public async Task RowsOfSomeOwners_AreFoundByThem()
    {
        await using var platform = await TestPlatform.StartAsync(DatabaseProvider.Sqlite);
        var (one, other) = (Unique.Id(), Unique.Id());

        Assert.That(await PlanAsync(platform, db => ((IMeteringDb)db).EntriesOfUser(one)), Does.Contain("SEARCH filed USING PRIMARY KEY (account_id=?)"));
        Assert.That(
            await PlanAsync(platform, db => ((IMeteringDb)db).EntriesBetween(one, other)),
            Does.Contain("SEARCH filed USING PRIMARY KEY (account_id>? AND account_id<?)"));
    }

    [Test]
    public async Task RowsThatCannotBeFiled_GoOnWaitingAndTheLogSaysSo()
    {
        await using var platform = await TestPlatform.StartAsync(DatabaseProvider.Sqlite);
        var api = platform.Api();
        await AskAsync(api, await api.UserAsync(), 1);
        await platform.CatchUpAsync();
        await AddRowsOfOthersAsync(platform);
        await RowsAsync(platform, "ALTER TABLE usage_records RENAME COLUMN user_id TO somebody");

        await using var second = await SecondProcessAsync(platform);
        await CommitUntilAsync(second, () => Task.FromResult(second.Log.Text.Contains("Rows of usage_records could not be filed", StringComparison.Ordinal)));

        Assert.That(await FiledAsync(platform), Is.Zero);
    }

    private static async Task AskAsync(Api api, Person person, int times)
    {
        for (var call = 0; call < times; call++)
        {
            var answer = await api.PostAsync("/llm/gpt-4o-mini", new { user_input = "Hello" }, token: person.Token);
            Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        }
    }

    /// <summary>A person's entries, audit records and calls.</summary>
    private static async Task<List<List<string>>> ListsAsync(Api api, Person person)
    {
        var entries = await api.GetAsync($"/admin/ledger/entries?user_id={person.Id}", TestPlatform.AdminKey);
        var records = await api.GetAsync($"/admin/audit?user_id={person.Id}", TestPlatform.AdminKey);
        var usage = await api.GetAsync($"/admin/usage?user_id={person.Id}", TestPlatform.AdminKey);
        return
        [
            [.. entries["entries"]!.AsArray().Select(entry => entry!.ToJsonString())],
            [.. records["records"]!.AsArray().Select(record => record!.ToJsonString())],
            [.. Enumerable.Repeat("call", usage["usage"]!.AsArray().Sum(row => row!["calls"]!.GetValue<int>()))],
        ];
    }

    /// <summary>As many rows of other owners in each table as are filed together, and some that have no owner.</summary>
    private static async Task AddRowsOfOthersAsync(TestPlatform platform)
    {
        const string Id = "upper(hex(randomblob(16)))";
        await CopyAsync(platform, "ledger_entries", new() { ["account_id"] = Id });
        await CopyAsync(platform, "usage_records", new() { ["user_id"] = Id, ["request_id"] = Id });
        await CopyAsync(
            platform,
            "audit_records",
            new() { ["user_id"] = $"CASE WHEN n % 10 = 0 THEN NULL ELSE {Id} END", ["id"] = Id, ["chain_id"] = "NULL", ["chain_sequence"] = "NULL" });
    }

    private static async Task CopyAsync(TestPlatform platform, string table, Dictionary<string, string> changed)
    {
        var columns = await RowsAsync(platform, $"SELECT name FROM pragma_table_info('{table}') WHERE name <> 'place'");
        var values = columns.Select(column => changed.GetValueOrDefault(column, column));
        await RowsAsync(
            platform,
            $"""
            WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {Enough})
            INSERT INTO {table} ({string.Join(", ", columns)})
            SELECT {string.Join(", ", values)} FROM (SELECT * FROM {table} LIMIT 1), numbers
            """);
    }

    /// <summary>Has a second process commit until everything that was there when it began is filed.</summary>
    private static async Task FileAsync(TestPlatform platform)
    {
        await using var second = await SecondProcessAsync(platform);
        await CommitUntilAsync(second, async () => await FiledAsync(platform) >= Enough);
    }

    private static Task<TestPlatform> SecondProcessAsync(TestPlatform platform) =>
        TestPlatform.StartAsync(DatabaseProvider.Sqlite, ("ConnectionStrings:Default", platform.ConnectionString));

    private static async Task CommitUntilAsync(TestPlatform process, Func<Task<bool>> isEnough)
    {
        var account = Money.NewAccount();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await isEnough())
        {
            await Money.Ledger(process).OpenAsync(account, 0, Unique.Id(), patience.Token);
        }
    }

    /// <summary>Up to which place all three tables are filed.</summary>
    private static async Task<long> FiledAsync(TestPlatform platform) =>
        long.Parse((await RowsAsync(platform, "SELECT MIN(place) FROM filed_rows")).Single(), CultureInfo.InvariantCulture);

    private static Task<List<string>> FiledPlacesAsync(TestPlatform platform, string from, string name, string owner = "place") => RowsAsync(
        platform,
        $"SELECT CAST(place AS TEXT) FROM {from} WHERE {owner} IS NOT NULL AND place <= (SELECT place FROM filed_rows WHERE name = '{name}') ORDER BY place");

    private static async Task AssertPlanAsync<T>(TestPlatform platform, string table, Func<AppDbContext, IQueryable<T>> query)
    {
        var plan = await PlanAsync(platform, query);

        Assert.That(plan, Does.Contain("SEARCH filed USING PRIMARY KEY").And.Contain($"SEARCH {table} USING INTEGER PRIMARY KEY (rowid>?)"));
        Assert.That(plan, Does.Not.Contain("SCAN "));
        Assert.That(plan[..plan.IndexOf("RIGHT", StringComparison.Ordinal)], Does.Not.Contain("USE TEMP B-TREE FOR ORDER BY"), "only what waits is sorted");
    }

    /// <summary>How SQLite goes about a query. Source: its documentation of <c>EXPLAIN QUERY PLAN</c>.</summary>
    private static Task<string> PlanAsync<T>(TestPlatform platform, Func<AppDbContext, IQueryable<T>> query) => platform.QueryAsync(async db =>
    {
        await db.Database.OpenConnectionAsync();
        await using var command = query(db).CreateDbCommand();
        command.CommandText = $"EXPLAIN QUERY PLAN {command.CommandText}";
        await using var reader = await command.ExecuteReaderAsync();
        var steps = new List<string>();
        while (await reader.ReadAsync())
        {
            steps.Add(reader.GetString(3));
        }

        return string.Join('\n', steps);
    });

    private static Task<List<string>> RowsAsync(TestPlatform platform, string sql) => platform.QueryAsync(async db =>
    {
        await db.Database.OpenConnectionAsync();
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    });
}
