using System.Net;
using System.Text;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Content;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

/// <summary>Idempotency-Keys over restarts, replicas and days. Each test has platforms of its own.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public sealed class IdempotencyPlatformTests(DatabaseProvider database)
{
    [Test]
    public async Task Replay_WhenThePlatformWasRestarted_IsGivenByTheNextProcess()
    {
        await using var files = await TestDatabase.CreateAsync(database);
        Answer first, second;
        string token;
        await using (var before = await OnAsync(files))
        {
            (token, first) = (await TokenAsync(before), await AskAsync(before, await TokenAsync(before), "a key"));
        }

        await using (var after = await OnAsync(files))
        {
            second = await AskAsync(after, token, "a key");
        }

        Assert.That(second.Text, Is.EqualTo(first.Text));
        Assert.That(second.Headers.GetValues("Idempotency-Replayed"), Is.EqualTo(new[] { "true" }));
    }

    [Test]
    public async Task Calls_WhenTwoReplicasGetOneKeyAtOnce_AreCarriedOutOnce()
    {
        await using var files = await TestDatabase.CreateAsync(database);
        await using var upstream = await LoopbackUpstream.StartAsync();
        await using var one = await OnAsync(files, upstream);
        await using var other = await OnAsync(files, upstream);
        var tokens = (await TokenAsync(one), await TokenAsync(other));

        for (var round = 0; round < 10; round++)
        {
            var key = $"key {round}";
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number =>
                number % 2 == 0 ? AskAsync(one, tokens.Item1, key) : AskAsync(other, tokens.Item2, key)));

            Assert.That(answers.Select(answer => answer.Status), Has.All.AnyOf(HttpStatusCode.OK, HttpStatusCode.Conflict));
            Assert.That(upstream.Requests, Has.Count.EqualTo(round + 1));
        }

        Assert.That(await one.QueryAsync(db => db.Set<LedgerEntry>().Where(entry => entry.Kind == EntryKind.Capture).CountAsync()), Is.EqualTo(10));
        await Money.AssertBooksBalanceAsync(one);
    }

    [Test]
    public async Task Grant_WhenThePlatformWasRestarted_IsAnsweredByTheNextProcessAndBookedOnce()
    {
        await using var files = await TestDatabase.CreateAsync(database);
        Answer first, second;
        Person person;
        await using (var before = await OnAsync(files))
        {
            person = await before.Api().UserAsync();
            first = await GrantAsync(before, person, "a key");
        }

        await using (var after = await OnAsync(files))
        {
            second = await GrantAsync(after, person, "a key");
            Assert.That((await after.Api().GetAsync("/wallet/balance", person.ApiKey))["wallet_balance"]!.GetValue<long>(), Is.EqualTo(100));
        }

        Assert.That((second.Status, second.Text), Is.EqualTo((HttpStatusCode.OK, first.Text)));
        Assert.That(second.Headers.GetValues("Idempotency-Replayed"), Is.EqualTo(new[] { "true" }));
    }

    [Test]
    public async Task Grants_WhenTwoReplicasGetOneKeyAtOnce_AreBookedOnce()
    {
        await using var files = await TestDatabase.CreateAsync(database);
        await using var one = await OnAsync(files);
        await using var other = await OnAsync(files);
        var person = await one.Api().UserAsync();

        for (var round = 1; round <= 10; round++)
        {
            var key = $"key {round}";
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => GrantAsync(number % 2 == 0 ? one : other, person, key)));

            Assert.That(answers.Select(answer => answer.Status), Has.All.AnyOf(HttpStatusCode.OK, HttpStatusCode.Conflict).And.Some.EqualTo(HttpStatusCode.OK));
            Assert.That(
                (await other.Api().GetAsync("/wallet/balance", person.ApiKey))["wallet_balance"]!.GetValue<long>(), Is.EqualTo(100 * round));
        }

        await Money.AssertBooksBalanceAsync(one);
    }

    [Test]
    public async Task KeyOfAGrant_WhenADayHasPassed_IsFreeAgainAndItsAnswerIsRemoved()
    {
        await using var platform = await TestPlatform.StartAsync(database, ("Metering:SweepInterval", "00:00:01"));
        var person = await platform.Api().UserAsync();
        await GrantAsync(platform, person, "old");
        platform.Clock.Advance(TimeSpan.FromHours(25));

        var answer = await GrantAsync(platform, person, "old");

        Assert.That((answer.Status, answer.Headers.Contains("Idempotency-Replayed")), Is.EqualTo((HttpStatusCode.OK, false)), answer.Text);
        platform.Clock.Advance(TimeSpan.FromHours(25));
        await UntilAsync(() => platform.QueryAsync(db => db.Set<IdempotentCall>().AllAsync(call => false)));
    }

    [Test]
    public async Task Key_WhenADayHasPassed_IsFreeAgainAndItsAnswerIsRemoved()
    {
        await using var platform = await TestPlatform.StartAsync(database, ("Metering:SweepInterval", "00:00:01"));
        await AskAsync(platform, await TokenAsync(platform), "old");
        platform.Clock.Advance(TimeSpan.FromHours(25));

        var answer = await AskAsync(platform, await TokenAsync(platform), "old");
        await AskAsync(platform, await TokenAsync(platform), "new");

        Assert.That(answer.Headers.Contains("Idempotency-Replayed"), Is.False);
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        platform.Clock.Advance(TimeSpan.FromHours(25));
        await UntilAsync(() => platform.QueryAsync(db => db.Set<IdempotentCall>().AllAsync(call => false)));
    }

    [Test]
    public async Task Key_OfACallWhoseOutcomeIsUnknown_IsKeptHoweverLongItTakes()
    {
        await using var platform = await TestPlatform.StartAsync(database, ("Metering:SweepInterval", "00:00:01"));
        await AskAsync(platform, await TokenAsync(platform), "lost");
        await platform.QueryAsync(db => db.Set<Hold>().ExecuteUpdateAsync(change => change.SetProperty(hold => hold.State, HoldState.Disputed)));
        await AskAsync(platform, await TokenAsync(platform), "other");
        platform.Clock.Advance(TimeSpan.FromDays(3));

        await UntilAsync(async () => await platform.QueryAsync(db => db.Set<IdempotentCall>().CountAsync()) == 1);

        Assert.That((await AskAsync(platform, await TokenAsync(platform), "lost")).Status, Is.EqualTo(HttpStatusCode.Conflict));
    }

    [Test]
    public async Task DocumentAnswer_WhenAskedForAgain_IsTheSameInEveryField()
    {
        await using var platform = await TestPlatform.StartAsync(database);
        var (api, token) = (platform.Api(), await TokenAsync(platform));
        await api.IndexAsync(await api.FileAsync(token, "leave.txt", "Annual leave is twenty-one working days."));

        var answers = new[]
        {
            await SendAsync(platform, "/rag/query", token, """{"query":"How much annual leave is there?"}""", "key"),
            await SendAsync(platform, "/rag-query", token, """{"query":"How much annual leave is there?"}""", "key"),
        };

        Assert.That(answers[0].Status, Is.EqualTo(HttpStatusCode.OK), answers[0].Text);
        Assert.That(answers[1].Text, Is.EqualTo(answers[0].Text));
        Assert.That(answers[1].Headers.Contains("Idempotency-Replayed"), Is.True);
    }

    private Task<TestPlatform> OnAsync(TestDatabase files, LoopbackUpstream? upstream = null) => TestPlatform.StartAsync(
        database,
        ("ConnectionStrings:Default", files.ConnectionString),
        ("Providers:OpenAI:Endpoint", upstream?.Endpoint),
        ("Providers:OpenAI:ApiKey", upstream is null ? null : "key-of-a-test"));

    private static Task<string> TokenAsync(TestPlatform platform) => platform.Api().TokenAsync();

    private static Task<Answer> AskAsync(TestPlatform platform, string token, string key) =>
        SendAsync(platform, "/llm/gpt-4o-mini", token, """{"user_input":"Hello"}""", key);

    private static async Task<Answer> GrantAsync(TestPlatform platform, Person person, string key)
    {
        var api = platform.Api();
        var order = new
        {
            token = await api.TokenAsync(),
            owner_kind = "user",
            owner_id = person.Id,
            meter = "wallet",
            amount = MeterUnits.PerDollar,
            reason = "Invoice 117",
        };
        return await api.BearerAsync(
            HttpMethod.Post, "/admin/ledger/grants", null, order, ("API-Key", TestPlatform.AdminKey), ("Idempotency-Key", key));
    }

    private static async Task<Answer> SendAsync(TestPlatform platform, string path, string token, string body, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Token", token);
        request.Headers.Add("Idempotency-Key", key);
        return await platform.Api().SendAsync(request);
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds())
        {
            await Task.Delay(100, patience.Token);
        }
    }
}
