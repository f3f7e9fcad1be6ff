using System.Globalization;
using System.Net;
using AiPlatform.Domain.Commerce;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Commerce.Stripe;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Commerce;

/// <summary>Who may tell the platform of payments, and how often.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
public sealed class BillingEventTests(DatabaseProvider database) : IAsyncDisposable
{
    private const string Sample = """{"type":"invoice.payment_succeeded","data":{"object":{"id":"in_1","customer":"cus_1","amount_paid":1000}}}""";
    private const string Received = """{"received":true}""";
    private const string Json = """{"id":"evt_1","type":"charge.succeeded","data":{"object":{"id":"ch_none"}}}""";

    private StripeServer _stripe = null!;
    private StripePlatform _paid = null!;

    private DateTimeOffset Now => _paid.Platform.Clock.GetUtcNow();

    [SetUp]
    public async Task StartAsync()
    {
        _stripe = await StripeServer.StartAsync();
        _paid = await StripePlatform.StartAsync(database, _stripe);
    }

    public async ValueTask DisposeAsync()
    {
        await _paid.DisposeAsync();
        await _stripe.DisposeAsync();
    }

    [TestCase(0)]
    [TestCase(-299)]
    [TestCase(299)]
    public async Task Event_SignedLately_IsTakenIn(int seconds) =>
        Assert.That((await _paid.TellAsync(Json, StripePlatform.Sign(Json, Now.AddSeconds(seconds)))).Text, Is.EqualTo(Received));

    [TestCase(-310)]
    [TestCase(310)]
    [TestCase(-86_400)]
    public async Task Event_SignedLongAgo_IsRefused(int seconds) =>
        AssertRefused(await _paid.TellAsync(Json, StripePlatform.Sign(Json, Now.AddSeconds(seconds))));

    [TestCase("")]
    [TestCase("v1={mac}")]
    [TestCase("t={t}")]
    [TestCase("t={t},v1=")]
    [TestCase("t={t},v0={mac}")]
    [TestCase("t={t},v1={other}")]
    [TestCase("t=-{t},v1={mac}")]
    [TestCase("t=99999999999999999999999,v1={mac}")]
    [TestCase("t={t}x,v1={mac}")]
    [TestCase("t={old},t={t},v1={mac}")]
    [TestCase("t={t},v1={mac}0")]
    [TestCase("t={t} v1={mac}")]
    public async Task Event_WithASignatureThatIsNone_IsRefusedAndChangesNothing(string form)
    {
        AssertRefused(await _paid.TellAsync(Json, Filled(form)));

        Assert.That(await EventsAsync(), Is.Empty);
        Assert.That(_stripe.Requests, Is.Empty);
    }

    [Test]
    public async Task Event_WithoutASignature_IsRefused() => AssertRefused(await _paid.TellAsync(Json, signature: null));

    [TestCase("t={t},v1={other},v1={mac}")]
    [TestCase("t={t},v0={other},v1={mac},v2=x")]
    [TestCase("v1={mac}, t={t}")]
    public async Task Event_WithOneRightSignatureOfSeveral_IsTakenIn(string form) =>
        Assert.That((await _paid.TellAsync(Json, Filled(form))).Text, Is.EqualTo(Received));

    [Test]
    public async Task Event_ChangedAfterItWasSigned_IsRefused() =>
        AssertRefused(await _paid.TellAsync(Json.Replace("ch_none", "ch_other", StringComparison.Ordinal), StripePlatform.Sign(Json, Now)));

    [Test]
    public async Task Event_SignedWithEitherOfTwoSecrets_IsTakenIn()
    {
        await using var paid = await StripePlatform.StartAsync(database, _stripe, ("Stripe:WebhookSecret", $"{StripePlatform.WebhookSecret}, whsec_the_next_one"));

        var answers = new[]
        {
            await paid.TellAsync(Json, StripePlatform.Sign(Json, Now)),
            await paid.TellAsync(Json, StripePlatform.Sign(Json, Now, "whsec_the_next_one")),
        };

        Assert.That(answers.Select(answer => answer.Text), Is.All.EqualTo(Received));
        AssertRefused(await paid.TellAsync(Json, StripePlatform.Sign(Json, Now, "whsec_the_next")));
    }

    [Test]
    public async Task Event_Unsigned_IsTakenInWhereNoSecretIsSetOutsideOfProduction()
    {
        await using var open = await StripePlatform.StartAsync(database, _stripe, ("Stripe:WebhookSecret", null), ("Stripe:SecretKey", null));

        var answers = new[] { await open.TellAsync(Sample, signature: null), await open.TellAsync(Sample, signature: null) };

        Assert.That(answers.Select(answer => (answer.Status, answer.Text)), Is.All.EqualTo((HttpStatusCode.OK, Received)));
        Assert.That(await open.Platform.QueryAsync(db => db.Set<PaymentEvent>().CountAsync()), Is.EqualTo(1));
    }

    [Test]
    public async Task Event_InProductionWithoutASecret_IsNotServed()
    {
        await using var platform = await TestPlatform.StartAsync(database);
        await using var production = platform.WithWebHostBuilder(builder => builder.UseEnvironment("Production"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/billing/events") { Content = new StringContent(Sample) };

        (await new Api(production.CreateClient()).SendAsync(request)).AssertDetail(HttpStatusCode.NotFound, "Not found");

        Assert.That(await platform.QueryAsync(db => db.Set<PaymentEvent>().AnyAsync()), Is.False);
    }

    [TestCase("""{"id":"evt_1"}""", "type: must be the type of an event of at most 100 characters")]
    [TestCase("""{"id":"evt_1","type":7}""", "type: must be the type of an event of at most 100 characters")]
    [TestCase("""{"id":7,"type":"charge.succeeded"}""", "id: must be the name of an event of at most 255 characters")]
    public async Task Event_ThatIsNone_IsRefused(string json, string detail) =>
        (await _paid.TellAsync(json)).AssertDetail(HttpStatusCode.UnprocessableEntity, detail);

    [Test]
    public async Task Event_OfAMegabyte_IsRefusedUnread()
    {
        var json = $$"""{"id":"evt_1","type":"charge.succeeded","padding":"{{new string('x', 1024 * 1024)}}"}""";

        (await _paid.TellAsync(json)).AssertDetail(HttpStatusCode.RequestEntityTooLarge, "Request body exceeds the maximum allowed size");
    }

    [TestCase("customer.created", """{"id":"cus_1"}""")]
    [TestCase("charge.succeeded", """{"id":"../v1/refunds"}""")]
    [TestCase("charge.succeeded", """{"id":["ch_1"]}""")]
    [TestCase("invoice.payment_succeeded", """{"id":"in_1","parent":{"subscription_details":null}}""")]
    [TestCase("payment_intent.succeeded", """{"id":"pi_1","latest_charge":{"id":"ch_1"}}""")]
    [TestCase("a", "7")]
    public async Task Event_OfNothingThatIsKnown_IsKeptAndAskedForNowhere(string type, string about)
    {
        var answer = await _paid.TellAsync("{\"id\":\"evt_1\",\"type\":\"" + type + "\",\"data\":{\"object\":" + about + "}}");

        Assert.That((answer.Status, answer.Text), Is.EqualTo((HttpStatusCode.OK, Received)));
        Assert.That((await EventsAsync()).Select(told => (told.Id, told.Type, told.Subject, told.SettledAt is not null)), Is.EqualTo(new[] { ("evt_1", type, PaymentSubject.Other, true) }));
        Assert.That(_stripe.Requests, Is.Empty);
    }

    [Test]
    public async Task Event_DeliveredManyTimesAtOnce_IsKeptOnceAndAsksNothingMore()
    {
        var first = await _paid.TellAsync(Json);
        var asked = _stripe.Requests.Count;

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _paid.TellAsync(Json)));

        Assert.That(answers.Append(first).Select(answer => answer.Text), Is.All.EqualTo(Received));
        Assert.That(await EventsAsync(), Has.Count.EqualTo(1));
        Assert.That(_stripe.Requests, Has.Count.EqualTo(asked), "a second delivery changes nothing and asks nothing");
    }

    [Test]
    public async Task Event_WhenStripeCannotBeAsked_FailsAndIsTakenUpByTheReconciliation()
    {
        _stripe.Next("POST /v1/charges", StripeFault.LoseAnswer);
        var person = await _paid.Api.UserAsync();
        await _paid.RechargeAsync(person, 500);
        _stripe.Next($"GET /v1/charges/{_stripe.Books.LastChargeId}", StripeFault.FailBefore);

        var failed = await _paid.TellAsync("evt_1", "charge.succeeded", new { id = _stripe.Books.LastChargeId });
        var before = await EventsAsync();
        _paid.Platform.Clock.Advance(PaymentEvent.Patience);
        await _paid.ReconcileAsync();

        failed.AssertDetail(HttpStatusCode.InternalServerError, "Error processing webhook");
        Assert.That(before.Single().SettledAt, Is.Null);
        Assert.That((await EventsAsync()).Single().SettledAt, Is.Not.Null);
        await _paid.AssertCreditedAsync(person, 500);
    }

    [Test]
    public async Task Event_WhenStripeCannotBeAsked_IsSettledByItsNextDelivery()
    {
        _stripe.Next("GET /v1/charges/ch_none", StripeFault.LoseAnswer);

        var answers = new[] { await _paid.TellAsync(Json), await _paid.TellAsync(Json) };

        Assert.That(answers.Select(answer => answer.Status), Is.EqualTo(new[] { HttpStatusCode.InternalServerError, HttpStatusCode.OK }));
        Assert.That((await EventsAsync()).Single().SettledAt, Is.Not.Null);
    }

    [Test]
    public async Task Event_LeavesARecordWithoutItsBody()
    {
        var answer = await _paid.TellAsync("evt_1", "charge.succeeded", new { id = "ch_none", receipt_email = "thandi@example.com" });

        var requestId = answer.RequestId();
        var record = await _paid.Platform.QueryAsync(db => db.Set<AuditRecord>().SingleAsync(row => row.Id == requestId));
        Assert.That((record.RouteKey, record.Status, record.RequestBody, record.UserId), Is.EqualTo(("billing.events", 200, (string?)null, (Guid?)null)));
    }

    private string Filled(string form)
    {
        var seconds = Now.ToUnixTimeSeconds();
        return form
            .Replace("{t}", seconds.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{old}", (seconds - 3600).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{mac}", StripePlatform.Mac(Json, seconds), StringComparison.Ordinal)
            .Replace("{other}", StripePlatform.Mac(Json, seconds, "whsec_another"), StringComparison.Ordinal);
    }

    private Task<List<PaymentEvent>> EventsAsync() => _paid.Platform.QueryAsync(db => db.Set<PaymentEvent>().AsNoTracking().ToListAsync());

    private static void AssertRefused(Answer answer) => answer.AssertDetail(HttpStatusCode.BadRequest, "Invalid signature");
}
