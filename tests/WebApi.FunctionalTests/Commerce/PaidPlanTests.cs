using System.Net;
using AiPlatform.Application.Commerce;
using AiPlatform.Domain.Commerce;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.WebApi.FunctionalTests.Commerce;

/// <summary>Paid plans, where a payment gateway takes money for them.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
public sealed class PaidPlanTests(DatabaseProvider database) : IAsyncDisposable
{
    private static readonly DateTimeOffset Now = new(2027, 3, 10, 12, 0, 0, TimeSpan.Zero);

    private TestPlatform _platform = null!;
    private WebApplicationFactory<Program> _host = null!;
    private RecordingGateway _gateway = null!;
    private Api _api = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _platform = await TestPlatform.StartAsync(database);
        _platform.Clock.Set(Now);
        _gateway = new RecordingGateway(new PaidPeriod(Now, Now.AddDays(30)));
        _host = _platform.WithWebHostBuilder(
            builder => builder.ConfigureTestServices(services => services.AddSingleton<IPlanPayments>(_gateway)));
        _api = new Api(_host.CreateClient());
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _platform.DisposeAsync();
    }

    [Test]
    public async Task Upgrade_GivesTheDifferenceAtOnceAndNamesTheReset()
    {
        var person = await _api.UserAsync();
        await _api.PostAsync("/tokens/consume?amount=4000", null, person.ApiKey);

        var upgraded = await _api.PutAsync("/subscriptions/upgrade", new { plan_name = "pro" }, person.ApiKey);

        Assert.That(
            (upgraded.Status, upgraded["plan"]?.GetValue<string>(), upgraded["message"]?.GetValue<string>(), upgraded["effective_date"]),
            Is.EqualTo((HttpStatusCode.OK, "pro", "Upgraded to Pro", (System.Text.Json.Nodes.JsonNode?)null)), upgraded.Text);
        var balance = await _api.GetAsync("/tokens/balance", person.ApiKey);
        Assert.That(
            (balance["subscription_plan"]!.GetValue<string>(), balance["monthly_limit"]!.GetValue<long>(), balance["tokens_remaining"]!.GetValue<long>(), balance["reset_date"]!.GetValue<string>()),
            Is.EqualTo(("pro", 500_000, 496_000, "2027-03-31T22:00:00.000000Z")), balance.Text);
        Assert.That(_gateway.Asked, Is.EqualTo(new[] { "start pro 10000000000" }));
        var current = await _api.GetAsync("/subscriptions/current", person.ApiKey);
        Assert.That(
            (current["plan"]!["name"]!.GetValue<string>(), current["subscription"]!["status"]!.GetValue<string>(), current["subscription"]!["current_period_end"]!.GetValue<string>()),
            Is.EqualTo(("pro", "active", "2027-04-09T12:00:00.000000Z")));
    }

    [Test]
    public async Task Upgrade_IsInTheTrailOfChangesAndTheLedgerSaysWhy()
    {
        var person = await _api.UserAsync();

        var requestId = (await _api.PostAsync("/subscriptions/subscribe", new { plan_name = "pro", payment_method_id = "pm_1" }, person.ApiKey)).RequestId();

        var (entry, changes) = await _platform.QueryAsync(async db => (
            await db.Set<LedgerEntry>().SingleAsync(row => row.RequestId == requestId && row.Kind == EntryKind.Grant),
            await db.Set<AdministrativeChange>().Where(row => row.RequestId == requestId).Select(row => row.Kind).ToListAsync()));
        Assert.That(entry.GrantedDelta, Is.EqualTo(500_000));
        Assert.That(changes, Does.Contain("subscription"));
    }

    [Test]
    public async Task Upgrade_SentManyTimesAtOnce_IsPaidOnce()
    {
        var person = await _api.UserAsync();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => _api.PutAsync("/subscriptions/upgrade", new { plan_name = "pro" }, person.ApiKey)));

        Assert.That(answers.Select(answer => answer.Status), Has.Exactly(1).EqualTo(HttpStatusCode.OK));
        Assert.That(
            answers.Select(answer => answer.Status),
            Is.All.EqualTo(HttpStatusCode.OK).Or.EqualTo(HttpStatusCode.Conflict).Or.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(_gateway.PaymentCount, Is.EqualTo(1));
        Assert.That((await _api.GetAsync("/tokens/balance", person.ApiKey))["tokens_remaining"]!.GetValue<long>(), Is.EqualTo(500_000));
    }

    [Test]
    public async Task Downgrade_TakesEffectWhenThePeriodIsOver()
    {
        var person = await SubscribedAsync("ultra");

        var down = await _api.PostAsync("/subscriptions/downgrade", new { plan_name = "pro" }, person.ApiKey);
        var before = await PlanAsync(person);
        _platform.Clock.Set(Now.AddDays(30));
        var after = await PlanAsync(person);

        Assert.That(
            (down["message"]?.GetValue<string>(), down["effective_date"]?.GetValue<string>(), before, after),
            Is.EqualTo(("Downgraded to Pro", "2027-04-09T12:00:00.000000Z", "ultra", "pro")), down.Text);
        Assert.That(_gateway.Asked.Last(), Is.EqualTo("downgrade pro"));
    }

    [TestCase("POST", "cancel", null)]
    [TestCase("POST", "downgrade", "free")]
    [TestCase("POST", "subscribe", "free")]
    public async Task Cancel_KeepsThePlanUntilThePeriodIsOver(string method, string route, string? plan)
    {
        var person = await SubscribedAsync("pro");

        var answer = await _api.SendAsync(
            HttpMethod.Parse(method), $"/subscriptions/{route}", plan is null ? null : new { plan_name = plan }, person.ApiKey, null);
        var current = await _api.GetAsync("/subscriptions/current", person.ApiKey);
        _platform.Clock.Set(Now.AddDays(30));
        var balance = await _api.GetAsync("/tokens/balance", person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That((answer["cancel_at"] ?? answer["effective_date"])!.GetValue<string>(), Is.EqualTo("2027-04-09T12:00:00.000000Z"));
        Assert.That(
            (current["plan"]!["name"]!.GetValue<string>(), current["subscription"]!["status"]!.GetValue<string>()), Is.EqualTo(("pro", "cancelled")));
        Assert.That((balance["subscription_plan"]!.GetValue<string>(), balance["monthly_limit"]!.GetValue<long>(), balance["reset_date"]), Is.EqualTo(("free", 10_000, (object?)null)));
        Assert.That(_gateway.Asked.Last(), Is.EqualTo("cancel"));
    }

    [TestCase("PUT", "upgrade", "pro", "New plan must be a higher tier")]
    [TestCase("POST", "downgrade", "ultra", "New plan must be a lower tier")]
    public async Task Change_InTheWrongDirection_IsRefused(string method, string route, string plan, string detail)
    {
        var person = await SubscribedAsync("pro");

        (await _api.SendAsync(HttpMethod.Parse(method), $"/subscriptions/{route}", new { plan_name = plan }, person.ApiKey, null))
            .AssertDetail(HttpStatusCode.BadRequest, detail);
    }

    [Test]
    public async Task Renewal_WhenTheNextPeriodIsPaid_GoesOn()
    {
        var person = await SubscribedAsync("pro");
        _gateway.Period = new PaidPeriod(Now.AddDays(30), Now.AddDays(60));
        _platform.Clock.Set(Now.AddDays(31));

        await RenewAsync();

        var current = await _api.GetAsync("/subscriptions/current", person.ApiKey);
        Assert.That(
            (current["plan"]!["name"]!.GetValue<string>(), current["subscription"]!["status"]!.GetValue<string>(), current["subscription"]!["current_period_start"]!.GetValue<string>()),
            Is.EqualTo(("pro", "active", "2027-04-09T12:00:00.000000Z")));
    }

    [Test]
    public async Task Renewal_WhileTheNextPeriodIsNotPaid_EndsAfterTheGrace()
    {
        var person = await SubscribedAsync("pro");
        _gateway.Period = new PaidPeriod(Now, Now.AddDays(30));

        _platform.Clock.Set(Now.AddDays(31));
        await RenewAsync();
        var late = await _api.GetAsync("/subscriptions/current", person.ApiKey);
        _platform.Clock.Set(Now.AddDays(34));
        await RenewAsync();
        var over = await _api.GetAsync("/subscriptions/current", person.ApiKey);

        Assert.That((late["plan"]!["name"]!.GetValue<string>(), late["subscription"]!["status"]!.GetValue<string>()), Is.EqualTo(("pro", "past_due")));
        Assert.That((over["plan"]!["name"]!.GetValue<string>(), over["subscription"]), Is.EqualTo(("free", (System.Text.Json.Nodes.JsonNode?)null)));
    }

    [Test]
    public async Task Subscribe_AfterASubscriptionLapsed_BeginsAnother()
    {
        var person = await SubscribedAsync("pro");
        _platform.Clock.Set(Now.AddDays(34));
        var lapsed = await PlanAsync(person);

        var again = await _api.PostAsync("/subscriptions/subscribe", new { plan_name = "pro" }, person.ApiKey);

        Assert.That((lapsed, again.Status), Is.EqualTo(("free", HttpStatusCode.OK)), again.Text);
        var ended = await _platform.QueryAsync(db => db.Set<Subscription>().OrderBy(row => row.CreatedAt).Select(row => row.EndedAt != null).ToListAsync());
        Assert.That(ended, Is.EqualTo(new[] { true, false }));
    }

    [Test]
    public async Task Renewal_OfTokensThatAProcessDidNotLiveToGive_GivesThem()
    {
        var person = await _api.UserAsync();
        await _api.PostAsync("/tokens/consume?amount=1", null, person.ApiKey);
        await _platform.QueryAsync(async db =>
        {
            var plan = await db.Set<Plan>().SingleAsync(row => row.Name == "pro");
            db.Add(new Subscription(person.Id, plan.Id, "sub_crash", new PaidPeriod(Now, Now.AddDays(30)), Now));
            return await db.SaveChangesAsync();
        });

        await RenewAsync();

        Assert.That((await _api.GetAsync("/tokens/balance", person.ApiKey))["tokens_remaining"]!.GetValue<long>(), Is.EqualTo(499_999));
    }

    private async Task<Person> SubscribedAsync(string plan)
    {
        var person = await _api.UserAsync();
        var answer = await _api.PostAsync("/subscriptions/subscribe", new { plan_name = plan }, person.ApiKey);
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        return person;
    }

    private async Task<string> PlanAsync(Person person) =>
        (await _api.GetAsync("/subscriptions/current", person.ApiKey))["plan"]!["name"]!.GetValue<string>();

    private async Task RenewAsync()
    {
        await using var scope = _host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ISubscriptionRenewal>().RenewDueAsync(CancellationToken.None);
    }
}
