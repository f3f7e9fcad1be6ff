using System.Net;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Identity;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

public sealed class CredentialTests(DatabaseProvider database) : PlatformTests(database)
{
    [Test]
    public async Task Key_WhenItComesAsBearer_IdentifiesItsHolder()
    {
        var person = await Api.UserAsync();

        var answer = await GetAsync(("Authorization", $"Bearer {person.ApiKey}"));

        Assert.That(answer["user_id"]!.GetValue<Guid>(), Is.EqualTo(person.Id));
    }

    [Test]
    public async Task Key_WhenItIsSentTwiceAlike_IdentifiesItsHolder()
    {
        var person = await Api.UserAsync();

        var answer = await GetAsync(("API-Key", person.ApiKey), ("API-Key", person.ApiKey), ("X-API-Key", person.ApiKey));

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
    }

    [TestCase("API-Key", "API-Key")]
    [TestCase("API-Key", "X-API-Key")]
    [TestCase("X-API-Key", "X-API-Key")]
    public async Task Key_WhenTwoDifferentOnesAreSent_IdentifiesNobody(string first, string second)
    {
        var person = await Api.UserAsync();
        var other = await Api.UserAsync();

        (await GetAsync((first, person.ApiKey), (second, other.ApiKey))).AssertUnauthenticated("Invalid API Key");
    }

    [Test]
    public async Task Key_WhenItIsEmpty_IsMissing() =>
        (await GetAsync(("API-Key", string.Empty))).AssertUnauthenticated("Missing API Key header (API-Key)");

    [Test]
    public async Task Key_WhenATokenStandsInForIt_IdentifiesThePerson()
    {
        var person = await Api.UserAsync();

        Assert.That((await Api.GetAsync("/check-balance", person.Token))["user_id"]!.GetValue<Guid>(), Is.EqualTo(person.Id));
        Assert.That((await Api.GetAsync("/check-balance", token: person.Token))["user_id"]!.GetValue<Guid>(), Is.EqualTo(person.Id));
    }

    [Test]
    public async Task Token_WhenItStandsInForTheKey_CannotRenewItself()
    {
        var person = await Api.UserAsync();

        (await Api.GetAsync("/get-token", token: person.Token)).AssertUnauthenticated("Invalid API Key");
        (await Api.PostAsync($"/refresh-token?token={person.Token}", null, person.Token)).AssertUnauthenticated("Invalid API Key");
    }

    [Test]
    public async Task Token_WhenItStandsInForTheKey_IsNoSecondFactorOfItself()
    {
        var token = await Api.TokenAsync();
        var body = new { token, user_name = "n", user_email = "n@example.com" };

        (await Api.PostAsync("/admin/create-user", body, token: token)).AssertUnauthenticated("Invalid token provided");
    }

    [Test]
    public async Task Token_WhenTwoDifferentOnesAreSent_IdentifiesNobody()
    {
        var person = await Api.UserAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/llm/gpt-4o") { Content = new StringContent("""{"user_input": "Hello"}""") };
        request.Headers.Add("X-Token", [person.Token, await Api.TokenAsync(person.ApiKey)]);

        (await Api.SendAsync(request)).AssertUnauthenticated("Invalid token - not found in database");
    }

    [Test]
    public async Task Token_WhenAKeyStandsInForIt_IdentifiesThePerson()
    {
        var person = await Api.UserAsync();

        Assert.That((await AskAsync(person.ApiKey))["user_id"]!.GetValue<Guid>(), Is.EqualTo(person.Id));
    }

    [Test]
    public async Task Account_WhenItIsDeactivated_IsRefusedEverywhereAtOnce()
    {
        var person = await Api.AdministratorAsync();
        Assert.That((await AskAsync(person.Token)).Status, Is.EqualTo(HttpStatusCode.OK));

        await Api.UpdateUserAsync(person.Id, ("active", false));

        foreach (var (method, path) in new[]
        {
            (HttpMethod.Get, "/get-token"), (HttpMethod.Get, $"/get-token-details?token={person.Token}"),
            (HttpMethod.Post, $"/refresh-token?token={person.Token}"), (HttpMethod.Get, "/check-balance"), (HttpMethod.Get, "/admin/users"),
            (HttpMethod.Post, "/admin/create-user"), (HttpMethod.Post, "/admin/update-user"), (HttpMethod.Post, "/admin/delete-user"),
            (HttpMethod.Post, "/admin/revoke-tokens"),
        })
        {
            (await Api.SendAsync(method, path, null, person.ApiKey, null)).AssertUnauthenticated("Invalid API Key");
        }

        (await AskAsync(person.Token)).AssertUnauthenticated("Invalid token - not found in database");
        (await Api.PostAsync("/get-file-url", new { file_id = "x" }, token: person.Token)).AssertUnauthenticated("Invalid token");
    }

    [Test]
    public async Task Account_WhenItIsActivatedAgain_IsAcceptedAgain()
    {
        var person = await Api.UserAsync();
        await Api.UpdateUserAsync(person.Id, ("active", false));

        await Api.UpdateUserAsync(person.Id, ("active", true));

        Assert.That((await Api.GetAsync("/check-balance", person.ApiKey)).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await AskAsync(person.Token)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Token_WhenItsAccountIsGone_SaysSo()
    {
        var person = await Api.UserAsync();
        await Platform.QueryAsync(async db =>
        {
            var deleted = await db.Set<User>().SingleAsync(user => user.Id == person.Id);
            deleted.Delete(Guid.Empty, Platform.Clock.GetUtcNow());
            return await db.SaveChangesAsync();
        });
        Platform.Services.GetRequiredService<IReadCache>().Forget();

        (await AskAsync(person.Token)).AssertUnauthenticated("User associated with token not found");
    }

    [Test]
    public async Task Token_WhenItIsExpired_SaysSo()
    {
        await using var platform = await TestPlatform.StartAsync(Database);
        var api = platform.Api();
        var token = await api.TokenAsync();
        platform.Clock.Advance(TimeSpan.FromHours(1));

        (await api.PostAsync("/llm/gpt-4o", new { user_input = "Hello" }, token: token)).AssertUnauthenticated("Token has expired");
    }

    [Test]
    public async Task Credential_WhenItWasRefusedTooOften_IsNotLookedAtForAWhile()
    {
        await using var platform = await TestPlatform.StartAsync(Database, ("Identity:FailedAttemptsPerMinute", "3"));
        var api = platform.Api();
        for (var failure = 0; failure < 2; failure++)
        {
            (await api.GetAsync("/get-token", "wrong")).AssertUnauthenticated("Invalid API Key");
        }

        (await api.PostAsync("/llm/gpt-4o", new { user_input = "Hello" }, token: "wrong"))
            .AssertUnauthenticated("Invalid token - not found in database");

        var answer = await api.GetAsync("/get-token", "wrong");
        answer.AssertRefused(HttpStatusCode.TooManyRequests, "Too Many Requests", "Too many failed authentication attempts. Try again later.");
        Assert.That(answer.Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromSeconds(10)));
        Assert.That((await api.GetAsync("/get-token", TestPlatform.AdminKey)).Status, Is.EqualTo(HttpStatusCode.TooManyRequests));
    }

    [Test]
    public async Task Credential_WhenItIsAccepted_CostsNoAttempt()
    {
        await using var platform = await TestPlatform.StartAsync(Database, ("Identity:FailedAttemptsPerMinute", "1"));
        var api = platform.Api();

        for (var call = 0; call < 5; call++)
        {
            Assert.That((await api.GetAsync("/get-token", TestPlatform.AdminKey)).Status, Is.EqualTo(HttpStatusCode.OK));
        }
    }

    private Task<Answer> AskAsync(string token) => Api.PostAsync("/llm/gpt-4o", new { user_input = "Hello" }, token: token);

    private async Task<Answer> GetAsync(params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/check-balance");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Api.SendAsync(request);
    }
}
