using System.Net;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Commerce.Stripe;
using AiPlatform.WebApi.FunctionalTests.Identity;
using AiPlatform.WebApi.FunctionalTests.Metering;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Commerce;

/// <summary>What seed 001 documents from the sign-in to the recharge, by one person, in order.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
public sealed class WalletWorkflowTests(DatabaseProvider database)
{
    [Test]
    public async Task Person_WhoSignsInGeneratesQueriesAndRecharges_PaysForEachOnce()
    {
        await using var google = await GoogleServer.StartAsync();
        await using var stripe = await StripeServer.StartAsync();
        await using var paid = await StripePlatform.StartAsync(database, stripe, google.Settings);
        var account = new GoogleAccount($"{Unique.Id():N}", Unique.Email());

        var signedIn = await new GoogleBrowser(paid.Platform).SignInAsync(google, account);
        var session = signedIn["access_token"]!.GetValue<string>();
        var generated = await paid.Api.BearerAsync(HttpMethod.Post, "/generate-api", session, new { api_name = "work" });
        var key = generated["api_key"]!.GetValue<string>();
        var queried = await paid.Api.BearerAsync(
            HttpMethod.Post, "/query/", key, new { user_query = "Name three rivers of Africa.", user_input = new { Cost = 0.2, Performance = 0.8, latency = 0.1 } });
        var recharged = await paid.Api.BearerAsync(HttpMethod.Post, "/wallet/recharge", session, new { token = "tok_visa", amount = 500 });
        var balance = await paid.Api.BearerAsync(HttpMethod.Get, "/wallet/balance", key);

        Assert.That(generated["wallet_balance"]!.GetValue<long>(), Is.EqualTo(400), generated.Text);
        Assert.That(queried.Status, Is.EqualTo(HttpStatusCode.OK), queried.Text);
        var left = queried["wallet_balance"]!.GetValue<long>();
        Assert.That(left, Is.EqualTo(399));
        Assert.That(queried["cost_cents"]!.GetValue<decimal>(), Is.InRange(0.00001m, 0.99999m));
        Assert.That(recharged.Text, Is.EqualTo($$"""{"message":"Wallet recharge successful","wallet_balance":{{left + 500}}}"""));
        Assert.That(balance.Text, Is.EqualTo($$"""{"wallet_balance":{{left + 500}}}"""));
        Assert.That(stripe.Books.TakenCents, Is.EqualTo(500));
        await Money.AssertBooksBalanceAsync(paid.Platform);
    }
}
