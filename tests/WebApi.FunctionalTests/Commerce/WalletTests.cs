using System.Net;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Commerce;

/// <summary>Wallets where nobody charges cards.</summary>
public sealed class WalletTests(DatabaseProvider database) : PlatformTests(database)
{
    [Test]
    public async Task Balance_OfANewcomer_IsNothing() =>
        Assert.That((await Api.GetAsync("/wallet/balance", (await Api.UserAsync()).ApiKey)).Text, Is.EqualTo("""{"wallet_balance":0}"""));

    [TestCase(9_000_000_000, 900)]
    [TestCase(9_009_999_999, 900)]
    [TestCase(9_999_999, 0)]
    public async Task Balance_OfWhatWasGiven_IsItsWholeCents(long nanoDollars, long cents)
    {
        var person = await Api.UserAsync();
        await Api.AdministerAsync(
            "/admin/ledger/grants", ("owner_kind", "user"), ("owner_id", person.Id.ToString()), ("meter", "wallet"), ("amount", nanoDollars), ("reason", "paid in"));

        var balance = await Api.GetAsync("/wallet/balance", token: person.Token);

        Assert.That(balance["wallet_balance"]!.GetValue<long>(), Is.EqualTo(cents));
    }

    [Test]
    public async Task Balance_WithASession_IsShown() =>
        Assert.That((await Api.AsAsync((await Api.MemberAsync()).Session, HttpMethod.Get, "/wallet/balance")).Status, Is.EqualTo(HttpStatusCode.OK));

    [TestCase("GET", "/wallet/balance", null)]
    [TestCase("POST", "/wallet/recharge", null)]
    [TestCase("GET", "/wallet/balance", "nobody's")]
    [TestCase("POST", "/wallet/recharge", "nobody's")]
    public async Task Route_ForWhoIsNotLoggedIn_IsRefused(string method, string path, string? bearer) =>
        (await Api.BearerAsync(HttpMethod.Parse(method), path, bearer, new { token = "tok_visa", amount = 500 }))
            .AssertDetail(HttpStatusCode.Unauthorized, "Unauthorized");

    [TestCase("{}", "Payment token is missing")]
    [TestCase("""{"amount":500}""", "Payment token is missing")]
    [TestCase("""{"token":null,"amount":500}""", "Payment token is missing")]
    [TestCase("""{"token":"","amount":500}""", "Payment token is missing")]
    [TestCase("""{"token":"  ","amount":1}""", "Payment token is missing")]
    public async Task Recharge_WithoutAToken_IsRefused(string body, string detail) =>
        (await Api.PostAsync("/wallet/recharge", body, (await Api.UserAsync()).ApiKey)).AssertDetail(HttpStatusCode.BadRequest, detail);

    [TestCase("""{"token":"tok_visa"}""", "missing", "Field required")]
    [TestCase("""{"token":"tok_visa","amount":null}""", "missing", "Field required")]
    [TestCase("""{"token":"tok_visa","amount":5}""", "greater_than_equal", "Input should be greater than or equal to 50")]
    [TestCase("""{"token":"tok_visa","amount":49}""", "greater_than_equal", "Input should be greater than or equal to 50")]
    [TestCase("""{"token":"tok_visa","amount":100001}""", "less_than_equal", "Input should be less than or equal to 100000")]
    [TestCase("""{"token":"tok_visa","amount":-500}""", "greater_than_equal", "Input should be greater than or equal to 50")]
    [TestCase("""{"token":"tok_visa","amount":500.5}""", "int_type", "Input should be a valid integer")]
    [TestCase("""{"token":"tok_visa","amount":"500"}""", "int_type", "Input should be a valid integer")]
    [TestCase("""{"token":"tok_visa","amount":1e30}""", "int_type", "Input should be a valid integer")]
    public async Task Recharge_OfAnAmountThatIsNone_IsRefused(string body, string type, string words) =>
        (await Api.PostAsync("/wallet/recharge", body, (await Api.UserAsync()).ApiKey)).AssertFault("body.amount", type, words);

    [TestCase("49", "greater_than_equal", "Input should be greater than or equal to 50")]
    [TestCase("5.5", "int_parsing", "Input should be a valid integer, unable to parse string as an integer")]
    [TestCase("abc", "int_parsing", "Input should be a valid integer, unable to parse string as an integer")]
    [TestCase("", "missing", "Field required")]
    public async Task Recharge_OfAnAmountInTheQueryThatIsNone_IsRefused(string amount, string type, string words) =>
        (await Api.PostAsync($"/wallet/recharge?amount={amount}", new { token = "tok_visa" }, (await Api.UserAsync()).ApiKey))
            .AssertFault("query.amount", type, words);

    [TestCase("tok visa")]
    [TestCase("tok_\u00e9")]
    [TestCase("tok/../../v1/refunds")]
    public async Task Recharge_WithATokenThatIsNone_IsRefused(string token) =>
        (await Api.PostAsync("/wallet/recharge", new { token, amount = 500 }, (await Api.UserAsync()).ApiKey))
            .AssertFault("body.token", "value_error", "Input should be a payment token of at most 255 letters, digits, _ and -");

    [Test]
    public async Task Recharge_WhereNobodyChargesCards_IsRefused() =>
        (await Api.PostAsync("/wallet/recharge", new { token = "tok_visa", amount = 500 }, (await Api.UserAsync()).ApiKey))
            .AssertDetail(HttpStatusCode.ServiceUnavailable, "Payments are not configured");
}
