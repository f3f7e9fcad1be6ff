using System.Net;
using AiPlatform.Domain.Identity;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

public sealed class RefreshTokenTests(DatabaseProvider database) : PlatformTests(database)
{
    [Test]
    public async Task RefreshToken_WhenTheTokenIsOnesOwn_AnswersAnotherAndKeepsTheOld()
    {
        var person = await Api.UserAsync();

        var answer = await Api.PostAsync($"/refresh-token?token={person.Token}", apiKey: person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(answer.Json.AsObject().Select(member => member.Key), Is.EqualTo(new[] { "access_token", "token_type", "expires_in", "expires_on" }));
        Assert.That(answer["expires_in"]!.GetValue<int>(), Is.EqualTo(3600));
        Assert.That(answer.Headers.CacheControl!.NoStore, Is.True);
        var refreshed = answer["access_token"]!.GetValue<string>();
        Assert.That(refreshed, Is.Not.EqualTo(person.Token));
        Assert.That(await StatusAsync(person, refreshed), Is.EqualTo("valid"));
        Assert.That(await StatusAsync(person, person.Token), Is.EqualTo("valid"));
    }

    [Test]
    public async Task RefreshToken_WhenTheTokenComesAsAHeader_RefreshesItToo()
    {
        var person = await Api.UserAsync();

        var answer = await Api.PostAsync("/refresh-token", apiKey: person.ApiKey, token: person.Token);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
    }

    [Test]
    public async Task RefreshToken_WhenTheTierChangedInTheMeantime_CarriesTheCurrentOne()
    {
        var person = await Api.UserAsync(tier: 1);
        await Api.UpdateUserAsync(person.Id, ("scope", 4));

        var answer = await Api.PostAsync($"/refresh-token?token={person.Token}", apiKey: person.ApiKey);

        var details = await Api.GetAsync($"/get-token-details?token={answer["access_token"]}", person.ApiKey);
        Assert.That(details["token_scope"]!.GetValue<int>(), Is.EqualTo(4));
    }

    [Test]
    public async Task RefreshToken_WhenItAnswers_HasNotedWhereTheTokenComesFrom()
    {
        var person = await Api.UserAsync();

        await Api.PostAsync($"/refresh-token?token={person.Token}", apiKey: person.ApiKey);

        var tokens = await Platform.QueryAsync(db => db.Set<AccessToken>().Where(token => token.UserId == person.Id).ToListAsync());
        var old = tokens.Single(token => token.RegeneratedFrom is null);
        var refreshed = tokens.Single(token => token.RegeneratedFrom is not null);
        Assert.That(refreshed.RegeneratedFrom, Is.EqualTo(old.Id));
        Assert.That(refreshed.RegeneratedBy, Is.EqualTo(person.Id));
        Assert.That(refreshed.RegeneratedAt, Is.EqualTo(refreshed.CreatedAt));
        Assert.That(old.RevokedAt, Is.Null);
    }

    [TestCase("Tokens:RevokeOnRefresh")]
    [TestCase("TOKEN_REVOKE_ON_REFRESH")]
    public async Task RefreshToken_WhenRefreshingRevokes_RefusesTheOldTokenAtOnce(string key)
    {
        await using var platform = await TestPlatform.StartAsync(Database, (key, "true"));
        var api = platform.Api();
        var token = await api.TokenAsync();

        var answer = await api.PostAsync($"/refresh-token?token={token}", apiKey: TestPlatform.AdminKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        (await api.PostAsync($"/refresh-token?token={token}", apiKey: TestPlatform.AdminKey)).AssertBadRequest("Invalid token");
    }

    [Test]
    public async Task RefreshToken_WhenTheTokenIsExpired_IsRefused()
    {
        await using var platform = await TestPlatform.StartAsync(Database);
        var api = platform.Api();
        var token = await api.TokenAsync();
        platform.Clock.Advance(TimeSpan.FromHours(1));

        var answer = await api.PostAsync($"/refresh-token?token={token}", apiKey: TestPlatform.AdminKey);

        answer.AssertBadRequest("Token has expired and cannot be refreshed");
    }

    [Test]
    public async Task RefreshToken_WhenTheTokenIsAnotherPersons_IsRefusedEvenToAnAdministrator()
    {
        var person = await Api.UserAsync();

        var answer = await Api.PostAsync($"/refresh-token?token={person.Token}", apiKey: TestPlatform.AdminKey);

        answer.AssertBadRequest("Invalid token");
    }

    [Test]
    public async Task RefreshToken_WhenTheTokenIsRevoked_IsRefused()
    {
        var person = await Api.UserAsync();
        await Api.AdministerAsync("/admin/revoke-tokens", ("user_id", person.Id.ToString()));

        var answer = await Api.PostAsync($"/refresh-token?token={person.Token}", apiKey: person.ApiKey);

        answer.AssertBadRequest("Invalid token");
    }

    [Test]
    public async Task RefreshToken_WhenTheTokenIsUnknown_IsRefused() =>
        (await Api.PostAsync("/refresh-token?token=unknown", apiKey: TestPlatform.AdminKey)).AssertBadRequest("Invalid token");

    [Test]
    public async Task RefreshToken_WhenHeaderAndQueryDiffer_IsRefused()
    {
        var person = await Api.UserAsync();

        var answer = await Api.PostAsync($"/refresh-token?token={person.Token}", apiKey: person.ApiKey, token: "another");

        answer.AssertBadRequest("Invalid token");
    }

    [Test]
    public async Task RefreshToken_WhenNoTokenIsNamed_IsRefused() =>
        (await Api.PostAsync("/refresh-token", apiKey: TestPlatform.AdminKey)).AssertBadRequest("Missing token parameter");

    [Test]
    public async Task RefreshToken_WhenNoKeyIsSent_AsksForItFirst() =>
        (await Api.PostAsync("/refresh-token")).AssertUnauthenticated("Missing API Key header (API-Key)");

    [Test]
    public async Task RefreshToken_WhenTheKeyIsWrong_RefusesItFirst() =>
        (await Api.PostAsync("/refresh-token", apiKey: "wrong")).AssertUnauthenticated("Invalid API Key");

    private async Task<string> StatusAsync(Person person, string token) =>
        (await Api.GetAsync($"/get-token-details?token={token}", person.ApiKey))["token_status"]!.GetValue<string>();
}
