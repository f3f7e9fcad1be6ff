using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Domain.Commerce;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Commerce.Stripe;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Commerce;

/// <summary>Plans that are paid by Stripe's subscriptions.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
public sealed class StripePlanTests(DatabaseProvider database) : IAsyncDisposable
{
    private const string Start = "POST /v1/subscriptions";
    private const string NotPaid = "Payment failed. The plan was not changed and nothing was charged; try another payment method.";
    private const string NotConfirmed =
        "The payment gateway has not confirmed the change. Send the request again, which pays nothing twice, or look at the subscription in a few minutes.";

    private static readonly DateTimeOffset Now = new(2027, 3, 10, 12, 0, 0, TimeSpan.Zero);

    private StripeServer _stripe = null!;
    private StripePlatform _paid = null!;
    private Person _person = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _stripe = await StripeServer.StartAsync();
        _paid = await StripePlatform.StartAsync(database, _stripe);
        _paid.Platform.Clock.Set(Now);
        _person = await _paid.Api.UserAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _paid.DisposeAsync();
        await _stripe.DisposeAsync();
    }

    [Test]
    public async Task Subscribe_WithACard_IsPaidAndInForce()
    {
        var answer = await SubscribeAsync("pro", "pm_card_visa");

        Assert.That((answer.Status, answer["message"]!.GetValue<string>()), Is.EqualTo((HttpStatusCode.OK, "Subscribed to Pro")), answer.Text);
        Assert.That(_stripe.Books.PaidInvoices, Is.EqualTo(new[] { 1000m }));
        var current = await CurrentAsync();
        Assert.That(
            (PlanOf(current), StatusOf(current), current["subscription"]!["stripe_subscription_id"]!.GetValue<string>(), current["subscription"]!["current_period_end"]!.GetValue<string>()[..10]),
            Is.EqualTo(("pro", "active", _stripe.Books.LastSubscriptionId, "2027-04-09")));
        Assert.That((await _paid.Api.GetAsync("/tokens/balance", _person.ApiKey))["monthly_limit"]!.GetValue<long>(), Is.EqualTo(500_000));
    }

    [TestCase(null)]
    [TestCase("pm_card_declined")]
    public async Task Subscribe_WithNothingThatPays_IsRefusedAndCanBeTriedAgain(string? method)
    {
        (await SubscribeAsync("pro", method)).AssertDetail(HttpStatusCode.PaymentRequired, NotPaid);
        var before = PlanOf(await CurrentAsync());

        var again = await SubscribeAsync("pro", "pm_card_visa");

        Assert.That((before, again.Status), Is.EqualTo(("free", HttpStatusCode.OK)), again.Text);
        Assert.That((_stripe.Books.SubscriptionCount, _stripe.Books.CustomerCount), Is.EqualTo((1, 1)));
        Assert.That(_paid.Platform.Log.Text, Does.Not.Contain(StripeAnswer.Words));
    }

    [Test]
    public async Task Subscribe_WithACardThatIsDeclinedAndThenPays_IsTriedAgain()
    {
        _stripe.Books.Declined.Add("pm_card_visa");
        (await SubscribeAsync("pro", "pm_card_visa")).AssertDetail(HttpStatusCode.PaymentRequired, NotPaid);
        _stripe.Books.Declined.Remove("pm_card_visa");

        Assert.That((await SubscribeAsync("pro", null)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase(StripeFault.LoseAnswer)]
    [TestCase(StripeFault.AnswerNonsense)]
    [TestCase(StripeFault.LoseRequest)]
    [TestCase(StripeFault.Throttle)]
    public async Task Subscribe_WhenTheAnswerIsLostAndItIsSentAgain_IsPaidOnce(StripeFault fault)
    {
        _stripe.Next(Start, fault);
        (await SubscribeAsync("pro", "pm_card_visa")).AssertDetail(HttpStatusCode.BadGateway, NotConfirmed);

        var again = await SubscribeAsync("pro", null);

        Assert.That(again.Status, Is.EqualTo(HttpStatusCode.OK), again.Text);
        Assert.That((_stripe.Books.SubscriptionCount, _stripe.Books.PaidInvoices.Sum()), Is.EqualTo((1, 1000m)));
    }

    [Test]
    public async Task Subscribe_WhenTheAnswerIsLostAndADayPasses_IsStillPaidOnce()
    {
        _stripe.Next(Start, StripeFault.LoseAnswer);
        await SubscribeAsync("pro", "pm_card_visa");
        _paid.Platform.Clock.Advance(TimeSpan.FromHours(30));

        Assert.That((await SubscribeAsync("pro", null)).Status, Is.EqualTo(HttpStatusCode.OK));

        Assert.That((_stripe.Books.SubscriptionCount, _stripe.Books.PaidInvoices.Sum()), Is.EqualTo((1, 1000m)));
    }

    [Test]
    public async Task Subscribe_WhenTheAnswerIsLostAndNobodySendsItAgain_IsTakenInByItsEvent()
    {
        _stripe.Next(Start, StripeFault.LoseAnswer);
        await SubscribeAsync("pro", "pm_card_visa");
        await _paid.TellAsync("evt_1", "customer.subscription.created", new { id = _stripe.Books.LastSubscriptionId });
        var before = PlanOf(await CurrentAsync());
        _paid.Platform.Clock.Advance(PaymentEvent.Patience);

        await Task.WhenAll(_paid.ReconcileAsync(), _paid.ReconcileAsync());
        await _paid.ReconcileAsync();
        await _paid.RenewAsync();

        Assert.That((before, PlanOf(await CurrentAsync())), Is.EqualTo(("free", "pro")));
        Assert.That((await _paid.Api.GetAsync("/tokens/balance", _person.ApiKey))["tokens_remaining"]!.GetValue<long>(), Is.EqualTo(500_000));
        Assert.That(await _paid.Platform.QueryAsync(db => db.Set<Subscription>().CountAsync()), Is.EqualTo(1));
    }

    [Test]
    public async Task Subscribe_SentManyTimesAtOnce_IsPaidOnce()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SubscribeAsync("pro", "pm_card_visa")));

        Assert.That(
            answers.Select(answer => answer.Status), Has.All.AnyOf(HttpStatusCode.OK, HttpStatusCode.Conflict, HttpStatusCode.BadGateway));
        Assert.That((await SubscribeAsync("pro", null)).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((_stripe.Books.SubscriptionCount, _stripe.Books.PaidInvoices.Sum()), Is.EqualTo((1, 1000m)));
        Assert.That(PlanOf(await CurrentAsync()), Is.EqualTo("pro"));
    }

    [Test]
    public async Task Upgrade_PaysTheDifferenceAtOnceAndKeepsThePeriod()
    {
        await SubscribeAsync("pro", "pm_card_visa");
        var end = (await CurrentAsync())["subscription"]!["current_period_end"]!.GetValue<string>();

        var answer = await _paid.Api.PutAsync("/subscriptions/upgrade", new { plan_name = "ultra" }, _person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(_stripe.Books.PaidInvoices, Is.EqualTo(new[] { 1000m, 2000m }));
        var current = await CurrentAsync();
        Assert.That((PlanOf(current), current["subscription"]!["current_period_end"]!.GetValue<string>()), Is.EqualTo(("ultra", end)));
    }

    [Test]
    public async Task Upgrade_ThatIsDeclined_LeavesThePlan()
    {
        await SubscribeAsync("pro", "pm_card_visa");
        _stripe.Books.Declined.Add("pm_card_visa");

        (await _paid.Api.PutAsync("/subscriptions/upgrade", new { plan_name = "ultra" }, _person.ApiKey)).AssertDetail(HttpStatusCode.PaymentRequired, NotPaid);

        Assert.That((PlanOf(await CurrentAsync()), _stripe.Books.PaidInvoices.Sum()), Is.EqualTo(("pro", 1000m)));
    }

    [Test]
    public async Task Upgrade_WhenTheAnswerIsLost_IsMadeGoodByItsEvent()
    {
        await SubscribeAsync("pro", "pm_card_visa");
        var reference = _stripe.Books.LastSubscriptionId;
        _stripe.Next($"POST /v1/subscriptions/{reference}", StripeFault.LoseAnswer);
        (await _paid.Api.PutAsync("/subscriptions/upgrade", new { plan_name = "ultra" }, _person.ApiKey)).AssertDetail(HttpStatusCode.BadGateway, NotConfirmed);

        await _paid.TellAsync("evt_1", "customer.subscription.updated", new { id = reference });
        _paid.Platform.Clock.Advance(PaymentEvent.Patience);
        await _paid.ReconcileAsync();

        Assert.That((PlanOf(await CurrentAsync()), _stripe.Books.PaidInvoices.Sum()), Is.EqualTo(("ultra", 3000m)));
    }

    [Test]
    public async Task Upgrade_WhenItsEventArrivesBeforeTheAnswer_IsDoneByTheCall()
    {
        await SubscribeAsync("pro", "pm_card_visa");
        var reference = _stripe.Books.LastSubscriptionId;
        _stripe.BeforeAnswer = async _ =>
            Assert.That((await _paid.TellAsync("evt_1", "customer.subscription.updated", new { id = reference })).Status, Is.EqualTo(HttpStatusCode.OK));

        var answer = await _paid.Api.PutAsync("/subscriptions/upgrade", new { plan_name = "ultra" }, _person.ApiKey);
        _paid.Platform.Clock.Advance(PaymentEvent.Patience);
        await _paid.ReconcileAsync();

        Assert.That((answer.Status, PlanOf(await CurrentAsync())), Is.EqualTo((HttpStatusCode.OK, "ultra")), answer.Text);
        Assert.That(await OpenEventsAsync(), Is.Zero);
    }

    [Test]
    public async Task Downgrade_CostsNothingNowAndFollowsThePeriod()
    {
        await SubscribeAsync("ultra", "pm_card_visa");
        var reference = _stripe.Books.LastSubscriptionId;

        var answer = await _paid.Api.PostAsync("/subscriptions/downgrade", new { plan_name = "pro" }, _person.ApiKey);
        var before = PlanOf(await CurrentAsync());
        _paid.Platform.Clock.Set(Now.AddDays(31));
        _stripe.Books.Renew(reference, isPaid: true);
        await _paid.TellAsync("evt_1", "invoice.payment_succeeded", new { id = "in_1", subscription = reference });

        Assert.That((answer.Status, before), Is.EqualTo((HttpStatusCode.OK, "ultra")), answer.Text);
        Assert.That((PlanOf(await CurrentAsync()), StatusOf(await CurrentAsync())), Is.EqualTo(("pro", "active")));
        Assert.That(_stripe.Books.PaidInvoices, Is.EqualTo(new[] { 3000m, 1000m }));
    }

    [Test]
    public async Task Cancel_EndsWithThePeriodAtStripeToo()
    {
        await SubscribeAsync("pro", "pm_card_visa");
        var reference = _stripe.Books.LastSubscriptionId;

        var answer = await _paid.Api.PostAsync("/subscriptions/cancel", null, _person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(_stripe.Books.Subscription(reference)["cancel_at_period_end"]!.GetValue<bool>(), Is.True);
        Assert.That((PlanOf(await CurrentAsync()), StatusOf(await CurrentAsync())), Is.EqualTo(("pro", "cancelled")));
        _paid.Platform.Clock.Set(Now.AddDays(31));
        _stripe.Books.End(reference);
        await _paid.TellAsync("evt_1", "customer.subscription.deleted", new { id = reference });
        Assert.That((PlanOf(await CurrentAsync()), (await CurrentAsync())["subscription"]), Is.EqualTo(("free", (JsonNode?)null)));
    }

    [TestCase("POST", "cancel", null)]
    [TestCase("POST", "downgrade", "pro")]
    public async Task Change_WhenStripeDoesNotAnswer_IsNotConfirmedAndCanBeMadeAgain(string method, string route, string? plan)
    {
        await SubscribeAsync("ultra", "pm_card_visa");
        _stripe.Next($"POST /v1/subscriptions/{_stripe.Books.LastSubscriptionId}", StripeFault.LoseAnswer);
        var body = plan is null ? null : new { plan_name = plan };

        (await _paid.Api.SendAsync(HttpMethod.Parse(method), $"/subscriptions/{route}", body, _person.ApiKey, null))
            .AssertDetail(HttpStatusCode.BadGateway, NotConfirmed);

        Assert.That(
            (await _paid.Api.SendAsync(HttpMethod.Parse(method), $"/subscriptions/{route}", body, _person.ApiKey, null)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Cancel_WhoseAnswerWasLost_IsMadeGoodByItsEvent()
    {
        await SubscribeAsync("pro", "pm_card_visa");
        var reference = _stripe.Books.LastSubscriptionId;
        _stripe.Next($"POST /v1/subscriptions/{reference}", StripeFault.LoseAnswer);
        await _paid.Api.PostAsync("/subscriptions/cancel", null, _person.ApiKey);

        await _paid.TellAsync("evt_1", "customer.subscription.updated", new { id = reference });
        _paid.Platform.Clock.Advance(PaymentEvent.Patience);
        await _paid.ReconcileAsync();

        Assert.That(StatusOf(await CurrentAsync()), Is.EqualTo("cancelled"));
    }

    [Test]
    public async Task Renewal_ThatIsPaid_GoesOnWhicheverEventTellsOfIt()
    {
        await SubscribeAsync("pro", "pm_card_visa");
        var reference = _stripe.Books.LastSubscriptionId;
        _paid.Platform.Clock.Set(Now.AddDays(31));
        _stripe.Books.Renew(reference, isPaid: true);

        await _paid.TellAsync("evt_1", "invoice.payment_succeeded", new { id = "in_1", parent = new { subscription_details = new { subscription = reference } } });
        await _paid.TellAsync("evt_0", "invoice.payment_failed", new { id = "in_1", subscription = reference });

        var current = await CurrentAsync();
        Assert.That(
            (PlanOf(current), StatusOf(current), current["subscription"]!["current_period_end"]!.GetValue<string>()[..10]), Is.EqualTo(("pro", "active", "2027-05-09")));
    }

    [Test]
    public async Task Renewal_ThatFails_GoesOnForTheGraceAndThenEnds()
    {
        await SubscribeAsync("pro", "pm_card_visa");
        var reference = _stripe.Books.LastSubscriptionId;
        _paid.Platform.Clock.Set(Now.AddDays(31));
        _stripe.Books.Renew(reference, isPaid: false);

        await _paid.TellAsync("evt_1", "invoice.payment_failed", new { id = "in_1", subscription = reference });
        await _paid.RenewAsync();
        var late = await CurrentAsync();
        _paid.Platform.Clock.Set(Now.AddDays(34));
        await _paid.RenewAsync();

        Assert.That((PlanOf(late), StatusOf(late)), Is.EqualTo(("pro", "past_due")));
        Assert.That(PlanOf(await CurrentAsync()), Is.EqualTo("free"));
    }

    [Test]
    public async Task Renewal_WithoutAnyEvent_IsFoundByTheSweeper()
    {
        await SubscribeAsync("pro", "pm_card_visa");
        _paid.Platform.Clock.Set(Now.AddDays(31));
        _stripe.Books.Renew(_stripe.Books.LastSubscriptionId, isPaid: true);

        await _paid.RenewAsync();

        Assert.That(StatusOf(await CurrentAsync()), Is.EqualTo("active"));
    }

    [Test]
    public async Task Subscribe_AfterTheLastOneEnded_BeginsAnotherForTheSameCustomer()
    {
        await SubscribeAsync("pro", "pm_card_visa");
        _stripe.Books.End(_stripe.Books.LastSubscriptionId);
        await _paid.TellAsync("evt_1", "customer.subscription.deleted", new { id = _stripe.Books.LastSubscriptionId });
        var between = PlanOf(await CurrentAsync());

        var again = await SubscribeAsync("pro", null);

        Assert.That((between, again.Status), Is.EqualTo(("free", HttpStatusCode.OK)), again.Text);
        Assert.That((_stripe.Books.SubscriptionCount, _stripe.Books.CustomerCount), Is.EqualTo((2, 1)));
    }

    private Task<Answer> SubscribeAsync(string plan, string? method) => _paid.Api.PostAsync(
        "/subscriptions/subscribe", new { plan_name = plan, payment_method_id = method }, _person.ApiKey);

    private Task<Answer> CurrentAsync() => _paid.Api.GetAsync("/subscriptions/current", _person.ApiKey);

    private Task<int> OpenEventsAsync() => _paid.Platform.QueryAsync(db => db.Set<PaymentEvent>().CountAsync(row => row.SettledAt == null));

    private static string PlanOf(Answer current) => current["plan"]!["name"]!.GetValue<string>();

    private static string StatusOf(Answer current) => current["subscription"]!["status"]!.GetValue<string>();
}
