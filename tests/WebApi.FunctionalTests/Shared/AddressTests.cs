using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Identity;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Shared;

/// <summary>Who may call the routes below <c>/api/v1</c>, and how often.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public sealed class AddressTests(DatabaseProvider database)
{
    [Test]
    public async Task Address_ThatIsNotAllowed_IsRefusedBeforeAnythingElse()
    {
        await using var platform = await TestPlatform.ListenAsync(
            database, ("ENABLE_IP_WHITELIST", "true"), ("WHITELISTED_IPS", "10.1.2.3"), ("RATE_LIMIT_PER_MINUTE", "1"));
        var api = new Api(new HttpClient { BaseAddress = platform.Address });

        for (var call = 0; call < 3; call++)
        {
            (await api.VerifyAsync("no-key")).AssertDetail(HttpStatusCode.Forbidden, "IP address not whitelisted");
        }

        (await api.PostAsync("/api/v1/auth/register", new { })).AssertDetail(HttpStatusCode.Forbidden, "IP address not whitelisted");
        Assert.That((await api.GetAsync("/health")).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("localhost", null, null, HttpStatusCode.Unauthorized)]
    [TestCase("127.0.0.0/8", null, null, HttpStatusCode.Unauthorized)]
    [TestCase("10.1.2.3", null, "10.1.2.3", HttpStatusCode.Forbidden)]
    [TestCase("10.1.2.3", "127.0.0.1", "10.1.2.3", HttpStatusCode.Unauthorized)]
    [TestCase("10.1.2.3", "127.0.0.1,10.0.0.0/8", "10.9.9.9, 10.1.2.3, 10.0.0.1", HttpStatusCode.Forbidden)]
    [TestCase("127.0.0.1", "127.0.0.1", "10.1.2.3", HttpStatusCode.Forbidden)]
    public async Task Address_ByNameNetworkOrATrustedProxysWord_IsLetInOrNot(
        string allowed, string? proxies, string? forwarded, HttpStatusCode expected)
    {
        await using var platform = await TestPlatform.ListenAsync(
            database, ("ENABLE_IP_WHITELIST", "true"), ("WHITELISTED_IPS", allowed), ("TRUSTED_PROXIES", proxies ?? string.Empty));
        using var client = new HttpClient { BaseAddress = platform.Address };
        if (forwarded is not null)
        {
            client.DefaultRequestHeaders.Add("X-Forwarded-For", forwarded);
        }

        Assert.That((await new Api(client).VerifyAsync("no-key")).Status, Is.EqualTo(expected));
    }

    [Test]
    public async Task Rate_WhenItIsReached_IsToldAsDocumentedBeforeTheCredentialIsLookedAt()
    {
        await using var platform = await TestPlatform.StartAsync(
            database, ("RateLimits:ConversationsPerMinute", "100"), ("Identity:FailedAttemptsPerMinute", "1000"));
        platform.Clock.Set(new DateTimeOffset(2026, 3, 1, 12, 0, 5, TimeSpan.Zero));
        var api = platform.Api();
        for (var call = 0; call < 100; call++)
        {
            (await api.VerifyAsync("no-key")).AssertDetail(HttpStatusCode.Unauthorized, "Invalid API key");
        }

        var refused = await api.VerifyAsync("no-key");
        var elsewhere = await api.GetAsync("/health");

        Assert.That(refused.Status, Is.EqualTo(HttpStatusCode.TooManyRequests));
        var told = JsonNode.Parse("""{"detail":"Rate limit exceeded. Please try again later.","limit":100,"window":"60 seconds"}""");
        Assert.That(JsonNode.DeepEquals(refused.Json, told), Is.True, refused.Text);
        Assert.That(elsewhere.Status, Is.EqualTo(HttpStatusCode.OK));
    }
}
