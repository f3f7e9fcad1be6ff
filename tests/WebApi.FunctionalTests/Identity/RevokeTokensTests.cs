using System.Net;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

public sealed class RevokeTokensTests(DatabaseProvider database) : PlatformTests(database)
{
    [Test]
    public async Task RevokeTokens_WhenSomeAreUsable_RevokesAndCountsThem()
    {
        var person = await Api.UserAsync();
        var second = await Api.TokenAsync(person.ApiKey);

        var answer = await Api.AdministerAsync("/admin/revoke-tokens", ("user_id", person.Id.ToString().ToUpperInvariant()));

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(
            answer.Text,
            Is.EqualTo($$"""{"message":"Tokens revoked successfully","user_id":"{{person.Id}}","revoked":2}"""));
        foreach (var token in new[] { person.Token, second })
        {
            (await Api.GetAsync("/llm/gpt-4o", token: token)).AssertRefused(HttpStatusCode.MethodNotAllowed, "Method Not Allowed", "Method Not Allowed");
            (await Api.PostAsync("/llm/gpt-4o", new { user_input = "Hello" }, token: token))
                .AssertUnauthenticated("Invalid token - not found in database");
        }
    }

    [Test]
    public async Task RevokeTokens_WhenNoneIsUsable_RevokesNone()
    {
        var person = await Api.UserAsync();
        await Api.AdministerAsync("/admin/revoke-tokens", ("user_id", person.Id.ToString()));

        var answer = await Api.AdministerAsync("/admin/revoke-tokens", ("user_id", person.Id.ToString()));

        Assert.That(answer["revoked"]!.GetValue<int>(), Is.Zero);
    }

    [Test]
    public async Task RevokeTokens_WhenTheyAreExpired_DoesNotCountThem()
    {
        await using var platform = await TestPlatform.StartAsync(Database);
        var api = platform.Api();
        var person = await api.UserAsync();
        platform.Clock.Advance(TimeSpan.FromHours(1));

        var answer = await api.AdministerAsync("/admin/revoke-tokens", ("user_id", person.Id.ToString()));

        Assert.That(answer["revoked"]!.GetValue<int>(), Is.Zero);
    }

    [Test]
    public async Task RevokeTokens_WhenTheyAreOnesOwn_RevokesTheOnePresentedToo()
    {
        await using var platform = await TestPlatform.StartAsync(Database);
        var api = platform.Api();
        var administrator = await api.AdministratorAsync();
        var body = new { token = administrator.Token, user_id = administrator.Id };

        var answer = await api.PostAsync("/admin/revoke-tokens", body, administrator.ApiKey);

        Assert.That(answer["revoked"]!.GetValue<int>(), Is.EqualTo(1));
        (await api.PostAsync("/admin/revoke-tokens", body, administrator.ApiKey)).AssertUnauthenticated("Invalid token provided");
    }

    [TestCase("01890000-0000-7000-8000-000000000000")]
    [TestCase("not-a-uuid")]
    [TestCase("'; DROP TABLE users; --")]
    public async Task RevokeTokens_WhenTheUserIsUnknown_FindsNobody(string id) =>
        (await Api.AdministerAsync("/admin/revoke-tokens", ("user_id", id)))
            .AssertRefused(HttpStatusCode.NotFound, "Not Found", $"User with ID {id} not found");
}
