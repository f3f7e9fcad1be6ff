using System.Net;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Commerce.Stripe;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Commerce;

/// <summary>What administrators see of payments.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.Self)]
public sealed class TopUpListTests(DatabaseProvider database)
{
    private const string List = "/admin/top-ups";

    private StripeServer _stripe = null!;
    private StripePlatform _paid = null!;
    private Person _payer = null!;
    private Person _other = null!;

    /// <summary>One person with a payment of each kind, and another with one.</summary>
    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _stripe = await StripeServer.StartAsync();
        _paid = await StripePlatform.StartAsync(database, _stripe);
        (_payer, _other) = (await _paid.Api.UserAsync(), await _paid.Api.UserAsync());
        await _paid.RechargeAsync(_payer, 100);
        await _paid.RechargeAsync(_payer, 200);
        var returned = _stripe.Books.LastChargeId;
        await _paid.RechargeAsync(_payer, 300, token: "tok_chargeDeclined");
        _stripe.Next("POST /v1/charges", StripeFault.LoseRequest);
        await _paid.RechargeAsync(_payer, 400);
        await _paid.RechargeAsync(_other, 500);
        _stripe.Books.Refund(returned, 50);
        await _paid.TellAsync("evt_1", "charge.refunded", new { id = returned });
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _paid.DisposeAsync();
        await _stripe.DisposeAsync();
    }

    [TestCase("", new[] { 500, 400, 300, 200, 100 })]
    [TestCase("?kind=open", new[] { 400 })]
    [TestCase("?kind=credited", new[] { 500, 200, 100 })]
    [TestCase("?kind=failed", new[] { 300 })]
    [TestCase("?kind=returned", new[] { 200 })]
    [TestCase("?user_id={other}", new[] { 500 })]
    [TestCase("?user_id={payer}&kind=credited&per_page=1&page=2", new[] { 100 })]
    public async Task TopUps_AreListedTheLatestFirst(string query, int[] cents)
    {
        var answer = await _paid.Api.GetAsync(
            List + query.Replace("{other}", $"{_other.Id}", StringComparison.Ordinal).Replace("{payer}", $"{_payer.Id}", StringComparison.Ordinal),
            TestPlatform.AdminKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(answer["top_ups"]!.AsArray().Select(topUp => topUp!["amount"]!.GetValue<long>() / 10_000_000), Is.EqualTo(cents));
    }

    [Test]
    public async Task TopUp_ThatWasRefunded_TellsWhatAndWhere()
    {
        var topUp = (await _paid.Api.GetAsync($"{List}?kind=returned", TestPlatform.AdminKey))["top_ups"]![0]!;

        Assert.That(
            (topUp["state"]!.GetValue<string>(), topUp["refunded"]!.GetValue<long>(), topUp["is_disputed"]!.GetValue<bool>(), topUp["user_id"]!.GetValue<Guid>(), topUp["charge_id"]!.GetValue<string>()),
            Is.EqualTo(("credited", 500_000_000, false, _payer.Id, "ch_000002")));
    }

    [TestCase("?kind=others", "kind must be open, credited, failed or returned")]
    [TestCase("?user_id=7", "user_id must be a UUID")]
    [TestCase("?page=0", "page must be a number from 1 to 100000")]
    [TestCase("?per_page=101", "per_page must be a number from 1 to 100")]
    public async Task TopUps_OfAQuestionThatIsWrong_AreRefused(string query, string message) =>
        (await _paid.Api.GetAsync(List + query, TestPlatform.AdminKey)).AssertBadRequest(message);

    [Test]
    public async Task TopUps_ForWhoIsNoAdministrator_AreRefused() =>
        (await _paid.Api.GetAsync(List, _payer.ApiKey)).AssertForbidden("Admin privileges required to view top-ups");
}
