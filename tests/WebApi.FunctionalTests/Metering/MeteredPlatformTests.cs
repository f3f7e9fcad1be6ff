using System.Net;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

/// <summary>What concerns a whole platform: its clock, its catalogue, its providers. Each test has one of its own.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public sealed class MeteredPlatformTests(DatabaseProvider database)
{
    [Test]
    public async Task Calls_WhenTheMonthTurnsInJohannesburg_SpendFromTheNewMonthsAccount()
    {
        await using var platform = await TestPlatform.StartAsync(database);
        var api = platform.Api();
        platform.Clock.Set(new DateTimeOffset(2025, 2, 28, 21, 0, 0, TimeSpan.Zero));
        var person = await api.UserAsync();
        await AskAsync(api, person.Token);
        var february = await api.GetAsync("/check-balance", person.ApiKey);

        platform.Clock.Set(new DateTimeOffset(2025, 2, 28, 22, 30, 0, TimeSpan.Zero));
        var march = await api.GetAsync("/check-balance", person.ApiKey);
        await AskAsync(api, await api.TokenAsync(person.ApiKey));

        Assert.That((Month(february), Balance(february)), Is.EqualTo(("February 2025", 998L)));
        Assert.That((Month(march), Balance(march)), Is.EqualTo(("March 2025", 999L)));
        var accounts = await platform.QueryAsync(db => db.Set<LedgerAccount>().AsNoTracking()
            .Where(account => account.OwnerId == person.Id).OrderBy(account => account.CreatedAt).ToListAsync());
        Assert.That(
            accounts.Select(account => (account.Period.Label, account.Spent)), Is.EqualTo(new[] { ("2025-02", 1_000L), ("2025-03", 1_000L) }));
    }

    [Test]
    public async Task Call_WhenTheProviderFails_GivesTheHoldBack()
    {
        await using var platform = await TestPlatform.StartAsync(
            database, ("Providers:OpenAI:Endpoint", "http://127.0.0.1:9/v1"), ("Providers:OpenAI:ApiKey", "key-of-a-test"));
        var api = platform.Api();
        var person = await api.UserAsync();

        var answer = await AskAsync(api, person.Token);

        var hold = await platform.QueryAsync(db => db.Set<Hold>().AsNoTracking().SingleAsync());
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.InternalServerError), answer.Text);
        Assert.That((hold.State, hold.Reason), Is.EqualTo((HoldState.Released, "provider_failed")));
        Assert.That(Balance(await api.GetAsync("/check-balance", person.ApiKey)), Is.EqualTo(999));
        Assert.That(await platform.QueryAsync(db => db.Set<AuditRecord>().SumAsync(record => record.Charged)), Is.Zero);
    }

    [Test]
    public async Task Call_WhenItsPriceChanged_CostsTheNewOneAndNamesItsVersion()
    {
        await using var platform = await TestPlatform.StartAsync(database);
        var api = platform.Api();
        var person = await api.UserAsync();
        await AskAsync(api, person.Token);
        await ChangeAsync(platform, new { cost = 7 });

        await AskAsync(api, person.Token);

        var holds = await platform.QueryAsync(db => db.Set<Hold>().AsNoTracking().OrderBy(hold => hold.CreatedAt).ToListAsync());
        var prices = await platform.QueryAsync(db => db.Set<EndpointPrice>().AsNoTracking().ToDictionaryAsync(price => price.Id, price => price.Cost));
        Assert.That(holds.Select(hold => prices[hold.PriceVersionId]), Is.EqualTo(new[] { 1, 7 }));
        Assert.That(Balance(await api.GetAsync("/check-balance", person.ApiKey)), Is.EqualTo(991));
    }

    [Test]
    public async Task Call_WhenItsPathWasRenamedInTheCatalogue_IsStillPaidFor()
    {
        await using var platform = await TestPlatform.StartAsync(database);
        var api = platform.Api();
        var person = await api.UserAsync();
        await ChangeAsync(platform, new { endpoint_path = "/renamed" });

        var answer = await AskAsync(api, person.Token);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(Balance(await api.GetAsync("/check-balance", person.ApiKey)), Is.EqualTo(998));
    }

    [Test]
    public async Task Call_WhenItsRouteIsNotServed_Is403AndCostsNothing()
    {
        await using var platform = await TestPlatform.StartAsync(database);
        var api = platform.Api();
        var person = await api.UserAsync();
        await ChangeAsync(platform, new { active = false });

        (await AskAsync(api, person.Token)).AssertForbidden("Endpoint is not active");

        Assert.That(await platform.QueryAsync(db => db.Set<Hold>().AnyAsync()), Is.False);
    }

    [Test]
    public async Task Call_WhenItsRouteHasNoPrice_Is500AndIsNotGuessed()
    {
        await using var platform = await TestPlatform.StartAsync(database);
        var api = platform.Api();
        var person = await api.UserAsync();
        await platform.QueryAsync(db => db.Database.ExecuteSqlRawAsync("UPDATE endpoints SET route_key = NULL"));

        (await AskAsync(api, person.Token)).AssertRefused(
            HttpStatusCode.InternalServerError, "Configuration Error", "Endpoint not configured for balance tracking");

        Assert.That(await platform.QueryAsync(db => db.Set<Hold>().AnyAsync()), Is.False);
    }

    [TestCase("tier_allowances", "Balance Error", "Error processing balance: Failed to initialize balance")]
    [TestCase("holds", "Balance System Error", "An error occurred")]
    public async Task Call_WhenTheBalanceCannotBeWorkedOut_Is500AndReachesNoModel(string table, string error, string message)
    {
        await using var platform = await TestPlatform.StartAsync(database);
        var api = platform.Api();
        var person = await api.UserAsync();
        await ExecuteAsync(platform, $"ALTER TABLE {table} RENAME TO {table}_gone");

        (await AskAsync(api, person.Token)).AssertRefused(HttpStatusCode.InternalServerError, error, message);
        (await api.PostAsync("/rag/query", new { query = "x" }, token: person.Token)).AssertRefused(HttpStatusCode.InternalServerError, error, message);

        await ExecuteAsync(platform, $"ALTER TABLE {table}_gone RENAME TO {table}");
        Assert.That(await platform.QueryAsync(db => db.Set<Hold>().AnyAsync()), Is.False);
        Assert.That(Balance(await api.GetAsync("/check-balance", person.ApiKey)), Is.EqualTo(999));
    }

    [Test]
    public async Task Balance_WhenTheTierHasNoAllowance_GrantsTheDefaultOne()
    {
        await using var platform = await TestPlatform.StartAsync(database);
        var api = platform.Api();
        await platform.QueryAsync(db => db.Set<TierAllowance>().Where(tier => tier.Tier == 3).ExecuteDeleteAsync());
        var person = await api.UserAsync(tier: 3);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => api.GetAsync("/check-balance", person.ApiKey)));

        Assert.That(answers.Select(answer => answer.Status), Has.All.EqualTo(HttpStatusCode.OK));
        Assert.That(answers.Select(Balance), Has.All.EqualTo(100));
        Assert.That(answers[0]["tier_description"]!.GetValue<string>(), Is.EqualTo("Default for scope 3"));
    }

    private static Task<Answer> AskAsync(Api api, string token) =>
        api.PostAsync("/llm/gpt-4o-mini", new { user_input = "Hello" }, token: token);

    private static Task<int> ExecuteAsync(TestPlatform platform, string sql) =>
        platform.QueryAsync(db => db.Database.ExecuteSqlRawAsync(sql));

    private static string Month(Answer balance) => balance["month"]!.GetValue<string>();

    private static long Balance(Answer balance) => balance["current_balance"]!.GetValue<long>();

    private static async Task ChangeAsync(TestPlatform platform, object change)
    {
        var api = platform.Api();
        var body = System.Text.Json.JsonSerializer.SerializeToNode(change)!.AsObject();
        body["token"] = await api.TokenAsync();
        body["endpoint_id"] = await platform.QueryAsync(db =>
            db.Set<Endpoint>().Where(row => row.RouteKey == "llm.gpt-4o-mini").Select(row => row.Id.ToString()).SingleAsync());
        var answer = await api.PutAsync("/admin/update-endpoint", body, TestPlatform.AdminKey);
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
    }
}
