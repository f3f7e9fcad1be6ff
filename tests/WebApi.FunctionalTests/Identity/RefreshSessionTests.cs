using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Metering;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

/// <summary>Going on with a session by its refresh token.</summary>
public sealed class RefreshSessionTests(DatabaseProvider database) : PlatformTests(database)
{
    [Test]
    public async Task Refresh_WithAFreshToken_AnswersANewPair()
    {
        var person = await Api.NewcomerAsync();

        var refreshed = await Api.PostAsync("/auth/refresh", new { refresh_token = person.RefreshToken });

        Assert.That(refreshed.Status, Is.EqualTo(HttpStatusCode.OK), refreshed.Text);
        Assert.That(
            refreshed.Json.AsObject().Select(member => member.Key), Is.EquivalentTo(new[] { "access_token", "refresh_token", "token_type", "expires_in" }));
        Assert.That((refreshed["token_type"]!.GetValue<string>(), refreshed["expires_in"]!.GetValue<int>()), Is.EqualTo(("bearer", 1800)));
        Assert.That(refreshed["refresh_token"]!.GetValue<string>(), Is.Not.EqualTo(person.RefreshToken));
        Assert.That(refreshed.Headers.CacheControl!.NoStore, Is.True);
        var balance = await Api.BearerAsync(HttpMethod.Get, "/tokens/balance", refreshed["access_token"]!.GetValue<string>());
        Assert.That(balance.Status, Is.EqualTo(HttpStatusCode.OK), balance.Text);
    }

    [Test]
    public async Task Refresh_WithASpentToken_EndsTheWholeFamily()
    {
        var person = await Api.NewcomerAsync();
        var next = await Api.PostAsync("/auth/refresh", new { refresh_token = person.RefreshToken });

        var again = await Api.PostAsync("/auth/refresh", new { refresh_token = person.RefreshToken });
        var nextToo = await Api.PostAsync("/auth/refresh", new { refresh_token = next["refresh_token"]!.GetValue<string>() });
        var access = await Api.BearerAsync(HttpMethod.Get, "/tokens/balance", next["access_token"]!.GetValue<string>());

        again.AssertDetail(HttpStatusCode.Unauthorized, "Invalid refresh token");
        nextToo.AssertDetail(HttpStatusCode.Unauthorized, "Invalid refresh token");
        access.AssertDetail(HttpStatusCode.Unauthorized, "Could not validate credentials");
    }

    [Test]
    public async Task Refresh_InParallelWithOneToken_SucceedsOnceAtMost()
    {
        var person = await Api.NewcomerAsync();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Api.PostAsync("/auth/refresh", new { refresh_token = person.RefreshToken })));

        Assert.That(answers.Count(answer => answer.Status is HttpStatusCode.OK), Is.LessThanOrEqualTo(1));
        Assert.That(answers.Where(answer => answer.Status is not HttpStatusCode.OK).Select(answer => answer.Status), Is.All.EqualTo(HttpStatusCode.Unauthorized));
    }

    [TestCase("made up")]
    [TestCase("access")]
    [TestCase("long")]
    public async Task Refresh_WithSomethingElse_IsRefused(string what)
    {
        var person = await Api.NewcomerAsync();
        var token = what switch { "access" => person.AccessToken, "long" => new string('x', 100_000), _ => "made-up" };

        (await Api.PostAsync("/auth/refresh", new { refresh_token = token })).AssertDetail(HttpStatusCode.Unauthorized, "Invalid refresh token");
    }

    [Test]
    public async Task Refresh_AfterSignOut_IsRefused()
    {
        var person = await Api.NewcomerAsync();
        await Api.BearerAsync(HttpMethod.Post, "/auth/logout", person.AccessToken);

        (await Api.PostAsync("/auth/refresh", new { refresh_token = person.RefreshToken })).AssertDetail(HttpStatusCode.Unauthorized, "Invalid refresh token");
    }

    [TestCase(null, "missing", "Field required")]
    [TestCase("{}", "missing", "Field required")]
    [TestCase("""{"refresh_token":7}""", "string_type", "Input should be a valid string")]
    [TestCase("""{"refresh_token":null}""", "string_type", "Input should be a valid string")]
    [TestCase("""{"refresh_token":""}""", "value_error", "Input should be the refresh token")]
    public async Task Refresh_WithoutAToken_IsRefused(string? body, string type, string words) =>
        (await Api.PostAsync("/auth/refresh", body)).AssertFault("body.refresh_token", type, words);

    [Test]
    public async Task Providers_WhereNoneIsConfigured_AreNone()
    {
        var answer = await Api.GetAsync("/auth/providers");

        Assert.That((answer.Status, answer["providers"]!.GetType()), Is.EqualTo((HttpStatusCode.OK, typeof(JsonArray))), answer.Text);
    }
}
