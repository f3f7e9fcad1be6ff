using System.Net;
using AiPlatform.Domain.Commerce;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Commerce.Stripe;
using AiPlatform.WebApi.FunctionalTests.Metering;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Commerce;

/// <summary>Recharges that Stripe answers.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
public sealed class RechargeTests(DatabaseProvider database) : IAsyncDisposable
{
    private const string Failed = "Payment failed";

    private StripeServer _stripe = null!;
    private StripePlatform _paid = null!;
    private Person _person = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _stripe = await StripeServer.StartAsync();
        _paid = await StripePlatform.StartAsync(database, _stripe);
        _person = await _paid.Api.UserAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _paid.DisposeAsync();
        await _stripe.DisposeAsync();
    }

    [Test]
    public async Task Recharge_ThatIsPaid_CreditsTheWallet()
    {
        StripePlatform.AssertRecharged(await _paid.RechargeAsync(_person, 500), 500);
        StripePlatform.AssertRecharged(await _paid.RechargeAsync(_person, 400), 900);

        await _paid.AssertCreditedAsync(_person, 500, 400);
        Assert.That(_stripe.Books.TakenCents, Is.EqualTo(900));
        await Money.AssertBooksBalanceAsync(_paid.Platform);
    }

    [Test]
    public async Task Recharge_AsksStripeInItsFormWithoutTheKeyInTheAddress()
    {
        await _paid.RechargeAsync(_person, 500);

        var topUp = await _paid.TopUpAsync(_person);
        var asked = _stripe.Requests.Single();
        Assert.That(
            (asked.Method, asked.Path, asked.ContentType, asked.Version, asked.IdempotencyKey),
            Is.EqualTo(("POST", "/v1/charges", "application/x-www-form-urlencoded", "2025-08-27.basil", $"top-up-{topUp.Id:N}")));
        Assert.That(Uri.UnescapeDataString(asked.Form), Is.EqualTo(
            $"amount=500&currency=usd&source=tok_visa&description=Wallet+recharge&metadata[top_up]={topUp.Id}"));
    }

    [Test]
    public async Task Recharge_WithItsAmountInTheQuery_IsPaid()
    {
        var answer = await _paid.Api.PostAsync("/wallet/recharge?amount=50", new { token = "tok_visa" }, _person.ApiKey);

        StripePlatform.AssertRecharged(answer, 50);
    }

    [Test]
    public async Task Recharge_LeavesAnEntryAndARecordThatShareTheCallAndKeepNoToken()
    {
        var requestId = (await _paid.RechargeAsync(_person, 100_000, token: "tok_1NsecretEZvKYlo2C")).RequestId();

        var (entry, deposit, record) = await _paid.Platform.QueryAsync(async db => (
            await db.Set<LedgerEntry>().SingleAsync(row => row.RequestId == requestId && row.GrantedDelta > 0),
            await db.Set<Deposit>().SingleAsync(),
            await db.Set<AuditRecord>().SingleAsync(row => row.Id == requestId)));
        Assert.That(
            (entry.Kind, entry.GrantedDelta, entry.ActorId, entry.Reason),
            Is.EqualTo((EntryKind.Grant, 1_000_000_000_000, (Guid?)_person.Id, $"card payment {_stripe.Books.LastChargeId}")));
        Assert.That((deposit.Reference, deposit.AccountId, deposit.Sequence), Is.EqualTo((_stripe.Books.LastChargeId, entry.AccountId, entry.Sequence)));
        Assert.That(record.RequestBody, Does.Contain("100000").And.Not.Contain("tok_1"));
        Assert.That(_paid.Platform.Log.Text, Does.Not.Contain("tok_1").And.Not.Contain(StripeServer.SecretKey));
    }

    [Test]
    public async Task Recharge_ThatIsDeclined_FailsInOurWordsAndMovesNoMoney()
    {
        var answer = await _paid.RechargeAsync(_person, 500, "a key", "tok_chargeDeclined");
        var again = await _paid.RechargeAsync(_person, 500, "a key", "tok_chargeDeclined");

        answer.AssertDetail(HttpStatusCode.BadRequest, Failed);
        again.AssertDetail(HttpStatusCode.BadRequest, Failed);
        Assert.That(_stripe.CountOf("POST", "/v1/charges"), Is.EqualTo(1));
        await _paid.AssertCreditedAsync(_person);
        var topUp = await _paid.TopUpAsync(_person);
        Assert.That((topUp.State, topUp.Failure, topUp.ChargeId), Is.EqualTo((TopUpState.Failed, "card_declined", (string?)null)));
        Assert.That(_paid.Platform.Log.Text, Does.Not.Contain(StripeAnswer.Words));
    }

    [Test]
    public async Task Recharge_AfterOneThatWasDeclined_IsPaidUnderAnotherKey()
    {
        await _paid.RechargeAsync(_person, 500, "one", "tok_chargeDeclined");

        StripePlatform.AssertRecharged(await _paid.RechargeAsync(_person, 500, "two"), 500);
    }

    [Test]
    public async Task Recharge_SentAgainWithItsKey_HasTheFirstAnswerAndIsNotPaidAgain()
    {
        var first = await _paid.RechargeAsync(_person, 500, "a key");
        await _paid.RechargeAsync(_person, 300, "another key");
        var again = await _paid.RechargeAsync(_person, 500, "a key");

        StripePlatform.AssertRecharged(first, 500);
        StripePlatform.AssertRecharged(again, 500);
        Assert.That(
            (first.Headers.Contains("Idempotency-Replayed"), again.Headers.Contains("Idempotency-Replayed")), Is.EqualTo((false, true)));
        await _paid.AssertCreditedAsync(_person, 500, 300);
        Assert.That(_stripe.Books.ChargeCount, Is.EqualTo(2));
    }

    [TestCase(501, "tok_visa")]
    [TestCase(500, "tok_mastercard")]
    public async Task Recharge_OfSomethingElseWithTheKey_IsRefused(long cents, string token)
    {
        await _paid.RechargeAsync(_person, 500, "a key");

        (await _paid.RechargeAsync(_person, cents, "a key", token)).AssertDetail(
            HttpStatusCode.Conflict, "This Idempotency-Key was sent before with another body or on another route. Use a new key for a new call.");

        await _paid.AssertCreditedAsync(_person, 500);
    }

    [Test]
    public async Task Recharge_OfAnotherPersonWithTheSameKey_IsTheirOwn()
    {
        var other = await _paid.Api.UserAsync();
        await _paid.RechargeAsync(_person, 500, "a key");

        StripePlatform.AssertRecharged(await _paid.RechargeAsync(other, 700, "a key"), 700);
    }

    [Test]
    public async Task Recharge_SentTwentyTimesAtOnceWithOneKey_IsPaidOnce()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _paid.RechargeAsync(_person, 500, "a key")));

        Assert.That(answers.Select(answer => answer.Status), Has.All.AnyOf(HttpStatusCode.OK, HttpStatusCode.Conflict));
        Assert.That(answers.Select(answer => answer.Status), Has.Some.EqualTo(HttpStatusCode.OK));
        foreach (var paid in answers.Where(answer => answer.Status is HttpStatusCode.OK))
        {
            StripePlatform.AssertRecharged(paid, 500);
        }

        StripePlatform.AssertRecharged(await _paid.RechargeAsync(_person, 500, "a key"), 500);
        await _paid.AssertCreditedAsync(_person, 500);
        Assert.That((_stripe.Books.TakenCents, _stripe.CountOf("POST", "/v1/charges")), Is.EqualTo((500, 1)));
        await Money.AssertBooksBalanceAsync(_paid.Platform);
    }

    [Test]
    public async Task Recharges_OfManyAtOnce_AreEachCreditedOnce()
    {
        var people = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _paid.Api.UserAsync()));

        await Task.WhenAll(people.SelectMany(person => new long[] { 100, 200, 300 }.Select(cents => _paid.RechargeAsync(person, cents))));

        foreach (var person in people)
        {
            await _paid.AssertCreditedAsync(person, 100, 200, 300);
        }

        Assert.That(_stripe.Books.TakenCents, Is.EqualTo(8 * 600));
        await Money.AssertBooksBalanceAsync(_paid.Platform);
    }

    [Test]
    public async Task Recharge_WhenTheKeyIsNoneOfStripes_FailsAndSaysSoInTheLogAlone()
    {
        await using var paid = await StripePlatform.StartAsync(database, _stripe, ("Stripe:SecretKey", "sk_test_wrongwrongwrong1234567890"));
        var person = await paid.Api.UserAsync();

        (await paid.RechargeAsync(person, 500)).AssertDetail(HttpStatusCode.BadRequest, Failed);

        Assert.That(paid.Platform.Log.Text, Does.Contain("api_key_invalid").And.Not.Contain("sk_test_wrong"));
    }

    [Test]
    public async Task Recharge_ThatIsPending_IsNotConfirmedAndIsCreditedOnceStripeSaysSo()
    {
        var answer = await _paid.RechargeAsync(_person, 500, "a key", "tok_slow");
        await _paid.TellAsync("evt_1", "charge.pending", new { id = _stripe.Books.LastChargeId });
        var before = await _paid.BalanceAsync(_person);
        _stripe.Books.Complete(_stripe.Books.LastChargeId);

        await _paid.TellAsync("evt_2", "charge.succeeded", new { id = _stripe.Books.LastChargeId });

        Assert.That((answer.Status, before), Is.EqualTo((HttpStatusCode.BadGateway, 0)), answer.Text);
        await _paid.AssertCreditedAsync(_person, 500);
        StripePlatform.AssertRecharged(await _paid.RechargeAsync(_person, 500, "a key", "tok_slow"), 500);
    }
}
