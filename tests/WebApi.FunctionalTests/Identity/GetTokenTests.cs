using System.Globalization;
using System.Net;
using AiPlatform.Domain.Identity;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

public sealed class GetTokenTests(DatabaseProvider database) : PlatformTests(database)
{
    [Test]
    public async Task GetToken_WhenTheKeyIsGood_AnswersATokenThatLastsAnHour()
    {
        var person = await Api.UserAsync();

        var answer = await Api.GetAsync("/get-token", person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(answer.Json.AsObject().Select(member => member.Key), Is.EqualTo(new[] { "access_token", "token_type", "expires_in", "expires_on" }));
        Assert.That(answer["access_token"]!.GetValue<string>(), Has.Length.EqualTo(43));
        Assert.That(answer["token_type"]!.GetValue<string>(), Is.EqualTo("Bearer"));
        Assert.That(answer["expires_in"]!.GetValue<int>(), Is.EqualTo(3600));
        Assert.That(answer["expires_on"]!.GetValue<string>(), Does.Match(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0200$"));
    }

    [Test]
    public async Task GetToken_WhenItExpires_SaysSoInThePlatformsTimeZone()
    {
        await using var platform = await TestPlatform.StartAsync(Database);
        platform.Clock.Set(new DateTimeOffset(2025, 3, 5, 11, 0, 0, TimeSpan.Zero));

        var answer = await platform.Api().GetAsync("/get-token", TestPlatform.AdminKey);

        Assert.That(answer["expires_on"]!.GetValue<string>(), Does.StartWith("2025-03-05 14:00:0").And.EndsWith(" +0200"));
    }

    [Test]
    public async Task GetToken_WhenItAnswers_NeitherCachesNorPagesKeepIt()
    {
        var answer = await Api.GetAsync("/get-token", TestPlatform.AdminKey);

        Assert.That(answer.Headers.CacheControl!.NoStore, Is.True);
        Assert.That(answer.Headers.GetValues("Referrer-Policy"), Is.EqualTo(new[] { "no-referrer" }));
    }

    [Test]
    public async Task GetToken_WhenItAnswers_HasStoredOnlyAHashOfTheToken()
    {
        var person = await Api.UserAsync(tier: 3);

        var stored = await Platform.QueryAsync(db => db.Set<AccessToken>().SingleAsync(token => token.UserId == person.Id));

        Assert.That(stored.Tier, Is.EqualTo(3));
        Assert.That(stored.LifetimeSeconds, Is.EqualTo(3600));
        Assert.That(stored.Hash, Does.Match("^[0-9a-f]{64}$"));
        Assert.That(person.Token, Does.StartWith(stored.Prefix).And.Not.EqualTo(stored.Prefix));
    }

    [Test]
    public async Task GetToken_WhenALifetimeIsConfigured_IssuesTokensForIt()
    {
        await using var platform = await TestPlatform.StartAsync(Database, ("Tokens:Lifetime", "00:05:00"));
        var api = platform.Api();
        var token = await api.TokenAsync();
        platform.Clock.Advance(TimeSpan.FromMinutes(5));

        var details = await api.GetAsync(string.Create(CultureInfo.InvariantCulture, $"/get-token-details?token={token}"), TestPlatform.AdminKey);

        Assert.That(details["token_status"]!.GetValue<string>(), Is.EqualTo("expired"));
    }

    [Test]
    public async Task GetToken_WhenNoKeyIsSent_IsRefused() =>
        (await Api.GetAsync("/get-token")).AssertUnauthenticated("Missing API Key header (API-Key)");

    [TestCase("not-a-uuid")]
    [TestCase("00000000-0000-4000-8000-000000000000")]
    [TestCase("6f9619ff8b864011b42d00c04fc964ff")]
    [TestCase("{6f9619ff-8b86-4011-b42d-00c04fc964ff}")]
    public async Task GetToken_WhenTheKeyIdentifiesNobody_IsRefused(string key) =>
        (await Api.GetAsync("/get-token", key)).AssertUnauthenticated("Invalid API Key");

    [Test]
    public async Task GetToken_WhenTheKeyIsHuge_IsRefused() =>
        (await Api.GetAsync("/get-token", new string('a', 20_000))).AssertUnauthenticated("Invalid API Key");

    [Test]
    public async Task GetToken_WhenTheKeyIsInUpperCase_KnowsItAllTheSame()
    {
        var person = await Api.UserAsync();

        var answer = await Api.GetAsync("/get-token", person.ApiKey.ToUpperInvariant());

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK));
    }
}
