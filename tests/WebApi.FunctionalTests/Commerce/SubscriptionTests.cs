using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Metering;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Commerce;

/// <summary>Plans where nobody takes money for them.</summary>
public sealed class SubscriptionTests(DatabaseProvider database) : PlatformTests(database)
{
    private const string NotConfigured = "Paid plans cannot be bought here: no payment gateway is configured. Ask your administrator.";

    [Test]
    public async Task Plans_AreTheThreeThatComeWithThePlatform()
    {
        var plans = (await Api.GetAsync("/subscriptions/plans")).Json.AsArray();

        Assert.That(
            plans.Select(plan => (plan!["name"]!.GetValue<string>(), plan["display_name"]!.GetValue<string>(), plan["monthly_tokens"]!.GetValue<long>(), plan["price_monthly"]!.GetValue<double>(), plan["is_active"]!.GetValue<bool>())),
            Is.EqualTo(new[] { ("free", "Free", 10_000L, 0d, true), ("pro", "Pro", 500_000, 10, true), ("ultra", "Ultra", 2_000_000, 30, true) }));
        Assert.That(plans.Select(plan => plan!["features"]!.AsArray().Count), Is.All.GreaterThan(0));
    }

    [Test]
    public async Task Current_OfANewcomer_IsTheFreePlan()
    {
        var current = await SendAsync(await Api.NewcomerAsync(), HttpMethod.Get, "current");

        Assert.That(
            (current["has_subscription"]!.GetValue<bool>(), current["plan"]!["name"]!.GetValue<string>(), current["plan"]!["monthly_tokens"]!.GetValue<long>(), current["subscription"]),
            Is.EqualTo((true, "free", 10_000, (JsonNode?)null)), current.Text);
    }

    [Test]
    public async Task Subscribe_ToTheFreePlan_IsDoneAtOnce()
    {
        var answer = await SendAsync(await Api.NewcomerAsync(), HttpMethod.Post, "subscribe", new { plan_name = "free" });

        Assert.That(answer.Text, Is.EqualTo("""{"success":true,"plan":"free","subscription_id":null,"message":"Subscribed to Free","effective_date":null}"""));
    }

    [TestCase("POST", "subscribe", "pro", HttpStatusCode.ServiceUnavailable, NotConfigured)]
    [TestCase("POST", "subscribe", "gold", HttpStatusCode.BadRequest, "Plan 'gold' not found")]
    [TestCase("PUT", "upgrade", "pro", HttpStatusCode.ServiceUnavailable, NotConfigured)]
    [TestCase("PUT", "upgrade", "gold", HttpStatusCode.BadRequest, "Plan 'gold' not found")]
    [TestCase("PUT", "upgrade", "free", HttpStatusCode.BadRequest, "New plan must be a higher tier")]
    [TestCase("POST", "downgrade", "gold", HttpStatusCode.BadRequest, "Plan 'gold' not found")]
    [TestCase("POST", "downgrade", "free", HttpStatusCode.BadRequest, "New plan must be a lower tier")]
    [TestCase("POST", "downgrade", "pro", HttpStatusCode.BadRequest, "New plan must be a lower tier")]
    public async Task Change_ThatCannotBe_IsRefusedAndChangesNothing(string method, string route, string plan, HttpStatusCode status, string detail)
    {
        var person = await Api.NewcomerAsync();

        (await SendAsync(person, HttpMethod.Parse(method), route, new { plan_name = plan })).AssertDetail(status, detail);

        Assert.That((await SendAsync(person, HttpMethod.Get, "current"))["plan"]!["name"]!.GetValue<string>(), Is.EqualTo("free"));
    }

    [Test]
    public async Task Cancel_WithoutASubscription_IsRefused() =>
        (await SendAsync(await Api.NewcomerAsync(), HttpMethod.Post, "cancel")).AssertDetail(HttpStatusCode.BadRequest, "No active subscription found");

    [TestCase("POST", "subscribe", "{}", "body.plan_name", "missing", "Field required")]
    [TestCase("POST", "subscribe", """{"plan_name":7}""", "body.plan_name", "string_type", "Input should be a valid string")]
    [TestCase("POST", "subscribe", """{"plan_name":"pro","payment_method_id":"a b"}""", "body.payment_method_id", "value_error", "Input should be a name of the payment gateway of at most 255 letters, digits, _ and -")]
    [TestCase("PUT", "upgrade", "{}", "body.plan_name", "missing", "Field required")]
    [TestCase("POST", "downgrade", """{"plan_name":""}""", "body.plan_name", "value_error", "Input should be the name of a plan")]
    public async Task Change_WithAWrongField_IsRefused(
        string method, string route, string body, string place, string type, string words) =>
        (await SendAsync(await Api.NewcomerAsync(), HttpMethod.Parse(method), route, body)).AssertFault(place, type, words);

    [TestCase("GET", "current")]
    [TestCase("POST", "subscribe")]
    [TestCase("PUT", "upgrade")]
    [TestCase("POST", "downgrade")]
    [TestCase("POST", "cancel")]
    public async Task Route_WithoutACredential_IsRefused(string method, string route) =>
        (await Api.SendAsync(HttpMethod.Parse(method), $"/subscriptions/{route}", null, null, null))
            .AssertDetail(HttpStatusCode.Unauthorized, "Could not validate credentials");

    private Task<Answer> SendAsync(Newcomer person, HttpMethod method, string route, object? body = null) =>
        Api.BearerAsync(method, $"/subscriptions/{route}", person.AccessToken, body);
}
