using System.Net;
using AiPlatform.Domain.Commerce;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Commerce.Stripe;
using AiPlatform.WebApi.FunctionalTests.Metering;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Commerce;

/// <summary>Recharges whose answer is lost, late, or nonsense, and processes that die: the money is moved exactly once.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
public sealed class LostPaymentTests(DatabaseProvider database) : IAsyncDisposable
{
    private const string Charges = "POST /v1/charges";
    private const string NotConfirmed =
        "The payment is not confirmed yet. Do not pay again: the card is charged once at most, and the wallet is credited as soon as the charge is "
        + "confirmed. Look at the wallet balance later, or send this request again with the same Idempotency-Key.";

    private static readonly TimeSpan Minutes = TimeSpan.FromMinutes(20);

    private StripeServer _stripe = null!;
    private TestDatabase _files = null!;
    private StripePlatform _paid = null!;
    private Person _person = null!;

    private static StripeFault[] AfterTheCharge =>
        [StripeFault.LoseAnswer, StripeFault.FailAfter, StripeFault.Hang, StripeFault.AnswerEndlessly, StripeFault.AnswerNonsense];

    private static StripeFault[] BeforeTheCharge => [StripeFault.LoseRequest, StripeFault.FailBefore, StripeFault.Throttle, StripeFault.Redirect];

    [SetUp]
    public async Task StartAsync()
    {
        _stripe = await StripeServer.StartAsync();
        _files = await TestDatabase.CreateAsync(database);
        _paid = await OnTheSameDatabaseAsync();
        _person = await _paid.Api.UserAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _paid.DisposeAsync();
        await _files.DisposeAsync();
        await _stripe.DisposeAsync();
    }

    [TestCaseSource(nameof(AfterTheCharge))]
    public async Task Recharge_WhenTheAnswerIsLostAfterTheCharge_IsCreditedByTheReconciliation(StripeFault fault)
    {
        _stripe.Next(Charges, fault);
        var answer = await _paid.RechargeAsync(_person, 500, "a key");
        var before = await _paid.BalanceAsync(_person);

        await _paid.ReconcileAsync();
        await _paid.ReconcileAsync();

        answer.AssertDetail(HttpStatusCode.BadGateway, NotConfirmed);
        Assert.That((answer.Headers.RetryAfter?.Delta, before), Is.EqualTo((TimeSpan.FromSeconds(10), 0)));
        await AssertPaidOnceAsync(500);
        StripePlatform.AssertRecharged(await _paid.RechargeAsync(_person, 500, "a key"), 500);
        Assert.That(_stripe.CountOf("POST", "/v1/charges"), Is.EqualTo(1), "what is known is not asked again");
    }

    [TestCase(StripeFault.LoseAnswer)]
    [TestCase(StripeFault.Hang)]
    [TestCase(StripeFault.AnswerNonsense)]
    public async Task Recharge_WhenTheAnswerIsLostAndItIsSentAgain_HasItsAnswerAndIsPaidOnce(StripeFault fault)
    {
        _stripe.Next(Charges, fault);
        await _paid.RechargeAsync(_person, 500, "a key");

        StripePlatform.AssertRecharged(await _paid.RechargeAsync(_person, 500, "a key"), 500);

        await AssertPaidOnceAsync(500);
        Assert.That(_stripe.Requests.Select(request => request.IdempotencyKey).Distinct().Count(), Is.EqualTo(1));
    }

    [TestCaseSource(nameof(BeforeTheCharge))]
    public async Task Recharge_WhenNothingWasCharged_IsPaidWhenItIsSentAgain(StripeFault fault)
    {
        _stripe.Next(Charges, fault);
        (await _paid.RechargeAsync(_person, 500, "a key")).AssertDetail(HttpStatusCode.BadGateway, NotConfirmed);
        await _paid.ReconcileAsync();

        StripePlatform.AssertRecharged(await _paid.RechargeAsync(_person, 500, "a key"), 500);

        await AssertPaidOnceAsync(500);
        Assert.That(_stripe.Requests.Select(request => request.Path), Has.None.EqualTo("/elsewhere"));
    }

    [TestCaseSource(nameof(BeforeTheCharge))]
    public async Task Recharge_WhenNothingWasChargedAndNobodySendsItAgain_FailsAndChargesNothing(StripeFault fault)
    {
        _stripe.Next(Charges, fault);
        await _paid.RechargeAsync(_person, 500, "a key");
        await _paid.ReconcileAsync();
        var soon = (await _paid.TopUpAsync(_person)).State;
        _paid.Platform.Clock.Advance(Minutes);

        await _paid.ReconcileAsync();

        var topUp = await _paid.TopUpAsync(_person);
        Assert.That((soon, topUp.State, topUp.Failure), Is.EqualTo((TopUpState.Intended, TopUpState.Failed, "never_charged")));
        Assert.That((_stripe.Books.TakenCents, _stripe.CountOf("POST", "/v1/charges")), Is.EqualTo((0, 1)));
        (await _paid.RechargeAsync(_person, 500, "a key")).AssertDetail(HttpStatusCode.BadRequest, "Payment failed");
        await _paid.AssertCreditedAsync(_person);
    }

    [Test]
    public async Task Recharge_WhenStripeHasForgottenItsKey_IsLookedUpAndNeverChargedAgain()
    {
        _stripe.Next(Charges, StripeFault.LoseAnswer);
        _stripe.Next("GET /v1/charges", StripeFault.FailBefore, StripeFault.FailBefore);
        await _paid.RechargeAsync(_person, 500, "a key");
        await _paid.ReconcileAsync();
        _paid.Platform.Clock.Advance(TimeSpan.FromHours(25));

        (await _paid.RechargeAsync(_person, 500, "a key")).AssertDetail(HttpStatusCode.BadGateway, NotConfirmed);
        await _paid.ReconcileAsync();
        _paid.Platform.Clock.Advance(TimeSpan.FromHours(7));
        await _paid.ReconcileAsync();

        Assert.That(_stripe.CountOf("POST", "/v1/charges"), Is.EqualTo(1));
        await AssertPaidOnceAsync(500);
    }

    [Test]
    public async Task Recharge_AmongHundredsOfOtherCharges_IsFound()
    {
        _stripe.Next(Charges, StripeFault.LoseAnswer);
        await _paid.RechargeAsync(_person, 500);
        _stripe.Books.ChargeOthers(250);

        await _paid.ReconcileAsync();

        await _paid.AssertCreditedAsync(_person, 500);
        Assert.That(_stripe.CountOf("GET", "/v1/charges"), Is.EqualTo(3));
    }

    [Test]
    public async Task Recharge_WhenTheProcessIsKilledBeforeItHeardTheAnswer_IsCreditedByTheNextOne()
    {
        using var ended = new CancellationTokenSource();
        var charged = new TaskCompletionSource();
        _stripe.BeforeAnswer = _ =>
        {
            charged.TrySetResult();
            return Task.Delay(Timeout.Infinite, ended.Token);
        };
        var lost = _paid.RechargeAsync(_person, 500, "a key");
        await charged.Task;

        await using var next = await OnTheSameDatabaseAsync();
        (await next.RechargeAsync(_person, 500, "a key")).AssertDetail(
            HttpStatusCode.Conflict, "The call with this Idempotency-Key still runs. Send it again shortly for its answer.");
        next.Platform.Clock.Advance(TopUp.Turn);
        await next.ReconcileAsync();

        await next.AssertCreditedAsync(_person, 500);
        StripePlatform.AssertRecharged(await next.RechargeAsync(_person, 500, "a key"), 500);
        Assert.That(_stripe.Books.TakenCents, Is.EqualTo(500));
        await ended.CancelAsync();
        await lost;
    }

    [Test]
    public async Task Recharge_WhenTheProcessDiesBetweenTheChargeAndTheCredit_IsCreditedByTheNextOne()
    {
        await ExecuteAsync("ALTER TABLE deposits RENAME TO deposits_gone");
        (await _paid.RechargeAsync(_person, 500, "a key")).AssertDetail(HttpStatusCode.BadGateway, NotConfirmed);
        await ExecuteAsync("ALTER TABLE deposits_gone RENAME TO deposits");
        var before = (await _paid.TopUpAsync(_person)).State;

        await using var next = await OnTheSameDatabaseAsync();
        next.Platform.Clock.Advance(TopUp.Turn);
        await Task.WhenAll(next.ReconcileAsync(), _paid.ReconcileAsync(), next.ReconcileAsync());

        Assert.That(before, Is.EqualTo(TopUpState.Charged));
        await next.AssertCreditedAsync(_person, 500);
        StripePlatform.AssertRecharged(await next.RechargeAsync(_person, 500, "a key"), 500);
        await Money.AssertBooksBalanceAsync(next.Platform);
    }

    [Test]
    public async Task Event_ThatArrivesBeforeTheAnswer_CreditsOnceAndTheAnswerIsTheSame()
    {
        _stripe.BeforeAnswer = async _ =>
            Assert.That((await _paid.TellAsync("evt_1", "charge.succeeded", new { id = _stripe.Books.LastChargeId })).Status, Is.EqualTo(HttpStatusCode.OK));

        StripePlatform.AssertRecharged(await _paid.RechargeAsync(_person, 500, "a key"), 500);

        await AssertPaidOnceAsync(500);
    }

    [Test]
    public async Task Event_OfAChargeWhoseAnswerWasLost_CreditsTheWallet()
    {
        _stripe.Next(Charges, StripeFault.LoseAnswer);
        await _paid.RechargeAsync(_person, 500, "a key");

        await _paid.TellAsync("evt_1", "charge.succeeded", new { id = _stripe.Books.LastChargeId });

        await AssertPaidOnceAsync(500);
        StripePlatform.AssertRecharged(await _paid.RechargeAsync(_person, 500, "a key"), 500);
    }

    [Test]
    public async Task Events_InManyDeliveriesBesideTheReconciliationAndTheCallSentAgain_CreditOnce()
    {
        _stripe.Next(Charges, StripeFault.LoseAnswer);
        await _paid.RechargeAsync(_person, 500, "a key");
        var chargeId = _stripe.Books.LastChargeId;

        await using var other = await OnTheSameDatabaseAsync();
        await Task.WhenAll(
            [
                .. Enumerable.Range(0, 6).Select(number => (number % 2 == 0 ? _paid : other).TellAsync($"evt_{number / 2}", "charge.succeeded", new { id = chargeId })),
                _paid.ReconcileAsync(),
                other.ReconcileAsync(),
                _paid.RechargeAsync(_person, 500, "a key"),
                other.RechargeAsync(_person, 500, "a key"),
            ]);

        await AssertPaidOnceAsync(500);
        Assert.That(await _paid.Platform.QueryAsync(db => db.Set<PaymentEvent>().CountAsync(row => row.SettledAt != null)), Is.EqualTo(3));
    }

    [Test]
    public async Task Event_OfAChargeThatWasTakenForNeverMade_CreditsItAllTheSame()
    {
        _stripe.Next(Charges, StripeFault.LoseAnswer);
        await _paid.RechargeAsync(_person, 500, "a key");
        await _paid.Platform.QueryAsync(async db =>
        {
            (await db.Set<TopUp>().SingleAsync()).Fail("never_charged", _paid.Platform.Clock.GetUtcNow());
            return await db.SaveChangesAsync();
        });

        await _paid.TellAsync("evt_1", "charge.succeeded", new { id = _stripe.Books.LastChargeId });

        await AssertPaidOnceAsync(500);
    }

    [Test]
    public async Task Refund_OfACreditedCharge_IsNotedAndLeavesTheWallet()
    {
        await _paid.RechargeAsync(_person, 500);
        var chargeId = _stripe.Books.LastChargeId;
        _stripe.Books.Refund(chargeId, 200);
        _stripe.Books.Dispute(chargeId);

        await _paid.TellAsync("evt_1", "charge.refunded", new { id = chargeId });
        await _paid.TellAsync("evt_2", "charge.dispute.created", new { id = "dp_1", charge = chargeId });

        var topUp = await _paid.TopUpAsync(_person);
        Assert.That((topUp.State, topUp.Refunded, topUp.IsDisputed), Is.EqualTo((TopUpState.Credited, 2_000_000_000, true)));
        await _paid.AssertCreditedAsync(_person, 500);
    }

    [TestCase(500, new long[0])]
    [TestCase(200, new[] { 300L })]
    public async Task Refund_BeforeTheCredit_IsNotCredited(long refunded, long[] credited)
    {
        _stripe.Next(Charges, StripeFault.LoseAnswer);
        await _paid.RechargeAsync(_person, 500, "a key");
        _stripe.Books.Refund(_stripe.Books.LastChargeId, refunded);

        await _paid.ReconcileAsync();

        await _paid.AssertCreditedAsync(_person, credited);
    }

    [Test]
    public async Task Event_OfAChargeThatIsNotOurs_ChangesNothing()
    {
        _stripe.Books.ChargeOthers(1);

        var answer = await _paid.TellAsync("evt_1", "charge.succeeded", new { id = _stripe.Books.LastChargeId, amount = 50_000, metadata = new { top_up = Unique.Id() } });

        Assert.That(answer.Text, Is.EqualTo("""{"received":true}"""));
        await _paid.AssertCreditedAsync(_person);
    }

    [Test]
    public async Task Job_TellsWhatItDidInTheHealthReport()
    {
        _stripe.Next(Charges, StripeFault.LoseAnswer);
        await _paid.RechargeAsync(_person, 500);
        await _paid.RunJobsAsync();
        _paid.Platform.Clock.Advance(TimeSpan.FromMinutes(6));

        await _paid.RunJobsAsync();

        await _paid.AssertCreditedAsync(_person, 500);
        var jobs = (await _paid.Api.GetAsync("/health"))["jobs"]!.AsArray();
        Assert.That(
            jobs.Single(job => job!["name"]!.GetValue<string>() == "payment_reconciliation")!.ToJsonString(),
            Does.Contain("1 top-ups looked at, 0 still open, 0 events taken up"));
    }

    private async Task AssertPaidOnceAsync(long cents)
    {
        await _paid.AssertCreditedAsync(_person, cents);
        Assert.That(_stripe.Books.TakenCents, Is.EqualTo(cents));
        Assert.That((await _paid.TopUpAsync(_person)).State, Is.EqualTo(TopUpState.Credited));
        await Money.AssertBooksBalanceAsync(_paid.Platform);
    }

    private Task<StripePlatform> OnTheSameDatabaseAsync() => StripePlatform.StartAsync(
        database,
        _stripe,
        ("ConnectionStrings:Default", _files.ConnectionString),
        ("Stripe:Timeout", TestContext.CurrentContext.Test.Arguments.Contains(StripeFault.Hang) ? "00:00:01" : "00:01:00"));

    private Task<int> ExecuteAsync(string sql) => _paid.Platform.QueryAsync(db => db.Database.ExecuteSqlRawAsync(sql));
}
