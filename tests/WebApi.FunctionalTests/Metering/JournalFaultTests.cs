using System.Data.Common;
using System.Net;
using System.Text;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Operations;
using AiPlatform.Domain.Shared;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

/// <summary>What becomes of money and audit when the database is slow, refuses, or loses its voice.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class JournalFaultTests
{
    [TestCase(DatabaseProvider.Sqlite)]
    [TestCase(DatabaseProvider.PostgreSql)]
    public async Task PlaceHold_WhenTheQueueIsFull_IsRefusedAtOnceWithATimeToComeBackAndNothingThatWaitsIsDropped(DatabaseProvider database)
    {
        await using var platform = await TestPlatform.StartAsync(database, ("Metering:QueueCapacity", "16"), ("Metering:MaxBatch", "1"));
        var account = Money.NewAccount();
        await Money.Ledger(platform).OpenAsync(account, 1_000_000, Unique.Id(), CancellationToken.None);
        List<Task<HoldDecision>> orders;
        await using (await HoldUpAsync(database, platform.ConnectionString))
        {
            orders = [.. Enumerable.Range(0, 60).Select(_ =>
                Money.Ledger(platform).PlaceHoldAsync(Money.Order(Unique.Id(), new HoldOrderLine(account, 0, 1)), CancellationToken.None))];
            Assert.That(orders.Count(order => order.IsFaulted), Is.InRange(60 - 18, 60 - 16));
        }

        var placed = 0;
        foreach (var order in orders)
        {
            try
            {
                placed += (await order).HoldId is null ? 0 : 1;
            }
            catch (RefusedException refused)
            {
                Assert.That((refused.Error.Kind, refused.Error.RetryAfter), Is.EqualTo((ErrorKind.Unavailable, (TimeSpan?)TimeSpan.FromSeconds(1))));
            }
        }

        Assert.That(placed, Is.EqualTo(orders.Count(order => order.IsCompletedSuccessfully)));
        Assert.That((await Money.StoredAsync(platform, account)).Account.Held, Is.EqualTo(placed));
        await Money.AssertBooksBalanceAsync(platform);
    }

    [Test]
    public async Task Stop_WhenCallersWaitForAPlaceInAFullQueue_TakesTheirStepsHoweverShortTheHostsPatience()
    {
        await using var platform = await TestPlatform.StartAsync(DatabaseProvider.Sqlite, ("Metering:QueueCapacity", "16"), ("Metering:MaxBatch", "1"));
        var records = Enumerable.Range(0, 60).Select(_ => Money.Record(Unique.Id())).ToList();
        List<Task<CallReceipt?>> closes;
        Task stop;
        await using (await HoldUpAsync(DatabaseProvider.Sqlite, platform.ConnectionString))
        {
            closes = records.ConvertAll(record => Money.Journal(platform).CloseAsync(record, null, CancellationToken.None));
            stop = ((IHostedService)Money.Journal(platform)).StopAsync(new CancellationToken(canceled: true));
            Assert.That(stop.IsCompleted, Is.False);
        }

        await Task.WhenAll(closes);
        await stop;

        var ids = records.ConvertAll(record => record.Id);
        Assert.That(await platform.QueryAsync(db => db.Set<AuditRecord>().CountAsync(record => ids.Contains(record.Id))), Is.EqualTo(60));
        Assert.That(
            () => Money.Journal(platform).CloseAsync(Money.Record(Unique.Id()), null, CancellationToken.None), Throws.InstanceOf<RefusedException>());
    }

    [TestCase(DatabaseProvider.Sqlite)]
    [TestCase(DatabaseProvider.PostgreSql)]
    public async Task Close_WhenOneOfManyRecordsIsPoisoned_FailsAloneAndLeavesTheChainWhole(DatabaseProvider database)
    {
        await using var platform = await TestPlatform.StartAsync(database);
        var good = Enumerable.Range(0, 40).Select(_ => Money.Record(Unique.Id())).ToList();
        var closes = good.ConvertAll(record => Money.Journal(platform).CloseAsync(record, null, CancellationToken.None));
        var poisoned = Money.Journal(platform).CloseAsync(Money.Record(Unique.Id(), method: null!), null, CancellationToken.None);
        closes.AddRange(Enumerable.Range(0, 5).Select(_ => Money.Journal(platform).CloseAsync(Money.Record(Unique.Id()), null, CancellationToken.None)));

        Assert.That(async () => await poisoned, Throws.InstanceOf<DbException>());
        Assert.That(async () => await Task.WhenAll(closes), Throws.Nothing);
        await AssertChainIsWholeAsync(platform, records: 45);
    }

    [TestCase(DatabaseProvider.Sqlite)]
    [TestCase(DatabaseProvider.PostgreSql)]
    public async Task PlaceHold_WhenItCannotEvenBeDecided_FailsAloneBesideManyThatAreUnderWay(DatabaseProvider database)
    {
        await using var platform = await TestPlatform.StartAsync(database);
        var account = Money.NewAccount();
        await Money.Ledger(platform).OpenAsync(account, 1_000, Unique.Id(), CancellationToken.None);

        var placed = Enumerable.Range(0, 20).Select(_ => PlaceAsync(1)).ToList();
        var undecidable = PlaceAsync(0);
        placed.AddRange(Enumerable.Range(0, 20).Select(_ => PlaceAsync(1)));

        Assert.That(async () => await undecidable, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That((await Task.WhenAll(placed)).Select(hold => hold.HoldId), Is.Unique.And.None.Null);
        Assert.That((await Money.StoredAsync(platform, account)).Account.Held, Is.EqualTo(40));
        Assert.That(platform.Log.Text, Does.Not.Contain("A batch of 0"));
        await Money.AssertBooksBalanceAsync(platform);

        Task<HoldDecision> PlaceAsync(long amount) =>
            Money.Ledger(platform).PlaceHoldAsync(Money.Order(Unique.Id(), new HoldOrderLine(account, 0, amount)), CancellationToken.None);
    }

    [TestCase(1, "hold")]
    [TestCase(2, "capture")]
    public async Task Call_WhenACommitIsCutOffBeforeItIsAcknowledged_IsChargedOnceAndAuditedOnce(int commit, string what)
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql);
        await using var cutter = new CommitCutter(database.ConnectionString);
        await using var platform = await StartAsync(cutter.ConnectionString);
        var api = platform.Api();
        var person = await api.UserAsync();

        for (var call = 1; call <= 5; call++)
        {
            cutter.CutCommit(commit);
            var answer = await AskAsync(api, person, $"key {call}");

            Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
            Assert.That(cutter.Cut, Is.EqualTo(call), $"No commit of a {what} was cut off.");
            Assert.That((await AskAsync(api, person, $"key {call}")).Text, Is.EqualTo(answer.Text));
            var requestId = answer.RequestId();
            Assert.That(await platform.QueryAsync(db => db.Set<AuditRecord>().CountAsync(record => record.Id == requestId)), Is.EqualTo(1));
        }

        var captures = await platform.QueryAsync(db => db.Set<LedgerEntry>().CountAsync(entry => entry.Kind == EntryKind.Capture));
        Assert.That(captures, Is.EqualTo(5));
        Assert.That((await api.GetAsync("/check-balance", person.ApiKey))["current_balance"]!.GetValue<long>(), Is.EqualTo(994));
        await Money.AssertBooksBalanceAsync(platform);
        await AssertChainIsWholeAsync(platform);
    }

    [Test]
    public async Task Answer_WhenTheCommitOfItsPaymentIsCutOff_IsPaidOnceAndAuditedOnce()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql);
        await using var cutter = new CommitCutter(database.ConnectionString);
        await using var platform = await StartAsync(cutter.ConnectionString);
        var api = platform.Api();
        var person = await api.UserAsync();

        cutter.CutCommit(2);
        var answer = await AskAsync(api, person);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        var requestId = answer.RequestId();
        var charged = await platform.QueryAsync(db => db.Set<AuditRecord>().Where(record => record.Id == requestId).Select(record => record.Charged).ToListAsync());
        Assert.That((cutter.Cut, charged), Is.EqualTo((1, new[] { MeterUnits.FromCredits(1) })));
        await Money.AssertBooksBalanceAsync(platform);
        await AssertChainIsWholeAsync(platform);
    }

    [Test]
    public async Task Answer_WhenTheCommitOfItsPaymentIsHeldUp_IsGivenAndWhoReadsTheLedgerThenFindsThePayment()
    {
        await using var platform = await TestPlatform.StartAsync(DatabaseProvider.PostgreSql);
        var api = platform.Api();
        var person = await api.UserAsync();
        Task<Answer> reading;
        Answer answer;
        await using (await HoldUpPaymentsAsync(platform.ConnectionString))
        {
            answer = await AskAsync(api, person).WaitAsync(TimeSpan.FromSeconds(30));
            Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
            reading = api.GetAsync($"/admin/ledger/entries?request_id={answer.RequestId()}", TestPlatform.AdminKey);
            Assert.That(reading.IsCompleted, Is.False);
        }

        Assert.That((await reading)["entries"]!.AsArray().Select(entry => entry!["kind"]!.GetValue<string>()), Does.Contain("capture").IgnoreCase);
    }

    [Test]
    public async Task Payment_WhenANeighbourInTheBatchCannotBeDecided_IsToldAndWhoReadsTheLedgerThenWaitsForIt()
    {
        await using var platform = await TestPlatform.StartAsync(DatabaseProvider.PostgreSql);
        var account = Money.NewAccount();
        var hold = await Money.Ledger(platform).PlaceHoldAsync(Money.Order(Unique.Id(), new HoldOrderLine(account, 10_000, 1_000)), CancellationToken.None);
        var payment = new Settlement.Capture(hold.HoldId!.Value)
        {
            Usage = new CallUsage(null, new Delivery("gpt-4o-mini", "OpenAI", new ModelUsage(1, 0, 1))),
        };
        Task opening, undecidable, reading;
        Task<CallReceipt?> paying;
        await using (await HoldUpPaymentsAsync(platform.ConnectionString))
        {
            await using (await HoldUpAsync(DatabaseProvider.PostgreSql, platform.ConnectionString))
            {
                // While the journal waits for the lock of this account, what comes after it gathers into one batch.
                opening = Money.Ledger(platform).OpenAsync(Money.NewAccount(), 0, Unique.Id(), CancellationToken.None);
                await WaitForSomebodyWhoIsHeldUpAsync(platform.ConnectionString);
                paying = Money.Journal(platform).PayAsync(Money.Record(Unique.Id()), payment, CancellationToken.None);
                undecidable = Money.Ledger(platform).PlaceHoldAsync(Money.Order(Unique.Id(), new HoldOrderLine(account, 0, 0)), CancellationToken.None);
            }

            Assert.That((await paying.WaitAsync(TimeSpan.FromSeconds(30)))!.Meters.Single().Paid, Is.EqualTo(1_000));
            reading = platform.CatchUpAsync();
            Assert.That(reading.IsCompleted, Is.False);
        }

        await reading.WaitAsync(TimeSpan.FromSeconds(30));
        await opening;
        Assert.That(async () => await undecidable, Throws.InstanceOf<ArgumentOutOfRangeException>());
        var stored = (await Money.StoredAsync(platform, account)).Account;
        Assert.That((stored.Held, stored.Spent), Is.EqualTo((0L, 1_000L)));
        await Money.AssertBooksBalanceAsync(platform);
    }

    [Test]
    public async Task Answer_WhenItsCallHasAnIdempotencyKey_WaitsForTheCommitOfItsPayment()
    {
        await using var platform = await TestPlatform.StartAsync(DatabaseProvider.PostgreSql);
        var api = platform.Api();
        var person = await api.UserAsync();
        Task<Answer> asking;
        await using (await HoldUpPaymentsAsync(platform.ConnectionString))
        {
            asking = AskAsync(api, person, "key");
            await WaitForSomebodyWhoIsHeldUpAsync(platform.ConnectionString);
            Assert.That(asking.IsCompleted, Is.False);
        }

        Assert.That((await asking).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Adjust_WhenItsCommitIsCutOff_SetsTheBalanceAllTheSame()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql);
        await using var cutter = new CommitCutter(database.ConnectionString);
        await using var platform = await StartAsync(cutter.ConnectionString);
        var account = Money.NewAccount();

        cutter.CutCommit(1);
        var balance = await Money.Ledger(platform).AdjustAsync(
            new AdjustmentOrder(Unique.Id(), Unique.Id(), account, 100, 40), CancellationToken.None);

        Assert.That((balance.Available, cutter.Cut), Is.EqualTo((40L, 1)));
        Assert.That((await Money.StoredAsync(platform, account)).Account.Available, Is.EqualTo(40));
        await Money.AssertBooksBalanceAsync(platform);
    }

    [Test]
    public async Task Adjust_WhenItsCommitIsCutOffAndAnotherProcessSpendsOfItThen_DoesNotGiveBackWhatWasSpent()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql);
        await using var cutter = new CommitCutter(database.ConnectionString);
        await using var platform = await StartAsync(cutter.ConnectionString);
        await using var other = await StartAsync(database.ConnectionString);
        var account = Money.NewAccount();
        cutter.WhenDurable = () => Money.Ledger(other).PlaceHoldAsync(
            Money.Order(Unique.Id(), new HoldOrderLine(account, 100, 10)), CancellationToken.None);

        cutter.CutCommit(1);
        var balance = await Money.Ledger(platform).AdjustAsync(
            new AdjustmentOrder(Unique.Id(), Unique.Id(), account, 100, 40), CancellationToken.None);

        Assert.That((balance.Held, balance.Available, cutter.Cut), Is.EqualTo((10L, 30L, 1)));
        await Money.AssertBooksBalanceAsync(platform);
    }

    [Test]
    public async Task Expire_WhenItsCommitIsCutOffAndAnotherProcessGrantsThen_DoesNotTakeThatBackToo()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql);
        await using var cutter = new CommitCutter(database.ConnectionString);
        await using var platform = await StartAsync(cutter.ConnectionString);
        await using var other = await StartAsync(database.ConnectionString);
        var account = Money.NewAccount();
        await Money.Ledger(other).OpenAsync(account, 40, Unique.Id(), CancellationToken.None);
        cutter.WhenDurable = () => Money.Ledger(other).GrantAsync(
            account, 0, 50, new AccountOrder(Unique.Id(), Unique.Id(), null), CancellationToken.None);

        cutter.CutCommit(1);
        var balance = await Money.Ledger(platform).ExpireAsync(account, new AccountOrder(Unique.Id(), Unique.Id(), null), CancellationToken.None);

        Assert.That((balance.Available, cutter.Cut), Is.EqualTo((50L, 1)));
        await Money.AssertBooksBalanceAsync(platform);
    }

    [TestCase("/admin/ledger/grants", "amount")]
    [TestCase("/admin/ledger/adjustments", "available")]
    public async Task Order_UnderAKeyWhoseCommitIsCutOff_IsBookedOnceAndAnsweredAgain(string path, string field)
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql);
        await using var cutter = new CommitCutter(database.ConnectionString);
        await using var platform = await StartAsync(cutter.ConnectionString);
        var api = platform.Api();
        var person = await api.UserAsync();
        var order = SpendingPlatform.Owner("user", person.Id, ("meter", "wallet"), ("reason", "Invoice 117"), (field, 500));
        order["token"] = await api.TokenAsync();

        cutter.CutCommit(1);
        var first = await OrderAsync();
        var again = await OrderAsync();

        Assert.That((first.Status, cutter.Cut), Is.EqualTo((HttpStatusCode.OK, 1)), first.Text);
        Assert.That((again.Status, again.Text), Is.EqualTo((HttpStatusCode.OK, first.Text)));
        Assert.That(again.Headers.Contains("Idempotency-Replayed"), Is.True);
        var account = await Money.StoredAsync(platform, new AccountKey(OwnerKind.User, person.Id, Meter.Wallet, Period.Always));
        Assert.That((account.Account.Available, account.Entries.Count(entry => entry.ActorId is not null)), Is.EqualTo((500L, 1)));
        await Money.AssertBooksBalanceAsync(platform);

        Task<Answer> OrderAsync() => api.BearerAsync(
            HttpMethod.Post, path, null, order.ToJsonString(), ("API-Key", TestPlatform.AdminKey), ("Idempotency-Key", "a key"));
    }

    private static Task<TestPlatform> StartAsync(string connectionString) =>
        TestPlatform.StartAsync(DatabaseProvider.PostgreSql, ("ConnectionStrings:Default", connectionString));

    private static async Task AssertChainIsWholeAsync(TestPlatform platform, long? records = null)
    {
        var answer = await platform.Api().GetAsync("/audit/verify", TestPlatform.AdminKey);
        Assert.That((answer["valid"]!.GetValue<bool>(), answer["chains"]!.AsArray().Count), Is.EqualTo((true, 1)), answer.Text);
        Assert.That(answer["checked"]!.GetValue<long>(), records is null ? Is.Positive : Is.EqualTo(records));
    }

    /// <summary>Keeps the journal from committing until it is disposed.</summary>
    private static async Task<IAsyncDisposable> HoldUpAsync(DatabaseProvider database, string connectionString)
    {
        if (database is DatabaseProvider.Sqlite)
        {
            var file = new SqliteConnection($"{connectionString};Pooling=False");
            await file.OpenAsync();
            await ExecuteAsync(file, "BEGIN IMMEDIATE");
            return file;
        }

        var server = new NpgsqlConnection($"{connectionString};Pooling=false");
        await server.OpenAsync();
        await ExecuteAsync(server, "BEGIN");
        await ExecuteAsync(server, "LOCK TABLE ledger_accounts IN ACCESS EXCLUSIVE MODE");
        return server;
    }

    /// <summary>Keeps transactions that pay a model's answer from committing until it is disposed: everything is written, nothing is durable.</summary>
    private static async Task<IAsyncDisposable> HoldUpPaymentsAsync(string connectionString)
    {
        var server = new NpgsqlConnection($"{connectionString};Pooling=false");
        await server.OpenAsync();
        await ExecuteAsync(
            server,
            """
            CREATE FUNCTION wait_for_the_test() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN PERFORM pg_advisory_xact_lock_shared(42); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER wait_at_commit AFTER INSERT ON usage_records
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait_for_the_test();
            SELECT pg_advisory_lock(42);
            """);
        return server;
    }

    private static async Task WaitForSomebodyWhoIsHeldUpAsync(string connectionString)
    {
        await using var server = new NpgsqlConnection($"{connectionString};Pooling=false");
        await server.OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'", server);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((long)(await command.ExecuteScalarAsync(patience.Token))! == 0)
        {
            await Task.Delay(20, patience.Token);
        }
    }

    private static async Task ExecuteAsync(System.Data.Common.DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<Answer> AskAsync(Api api, Person person, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/llm/gpt-4o-mini");
        request.Content = new StringContent("""{"user_input":"Hello"}""", Encoding.UTF8, "application/json");
        request.Headers.Add("X-Token", person.Token);
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await api.SendAsync(request);
    }
}
