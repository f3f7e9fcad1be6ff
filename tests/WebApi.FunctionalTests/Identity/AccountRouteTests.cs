using System.Net;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

/// <summary>What the routes of the account surface (seed 002) have in common, and errors that no other test of theirs meets.</summary>
public sealed class AccountRouteTests(DatabaseProvider database) : PlatformTests(database)
{
    private const string Unauthenticated = "Could not validate credentials";

    [TestCase("GET", "/auth/me")]
    [TestCase("PUT", "/auth/me/update")]
    [TestCase("GET", "/auth/token")]
    [TestCase("POST", "/auth/token")]
    [TestCase("DELETE", "/auth/token/x")]
    [TestCase("GET", "/auth/sessions")]
    [TestCase("GET", "/teams")]
    [TestCase("POST", "/teams")]
    [TestCase("GET", "/teams/1")]
    [TestCase("PUT", "/teams/1")]
    [TestCase("DELETE", "/teams/1")]
    [TestCase("GET", "/users/search")]
    [TestCase("POST", "/users")]
    [TestCase("GET", "/users/1")]
    [TestCase("PUT", "/users/1")]
    [TestCase("DELETE", "/users/1")]
    public async Task Route_WithoutACredentialOrWithAWrongOne_IsRefused(string method, string path)
    {
        foreach (var bearer in (string?[])[null, "sk-nobody", Unique.Id().ToString(), "no.token.atall"])
        {
            (await Api.BearerAsync(new HttpMethod(method), path, bearer)).AssertDetail(HttpStatusCode.Unauthorized, Unauthenticated);
        }
    }

    [Test]
    public async Task Route_WithATokenWhoseTimeIsOver_IsRefusedInTheSameWords()
    {
        await using var platform = await TestPlatform.StartAsync(Database);
        var api = platform.Api();
        var token = await api.TokenAsync();
        platform.Clock.Advance(TimeSpan.FromHours(2));

        foreach (var path in (string[])["/auth/me", "/teams", "/users/search", "/tokens/balance", "/api/keys", "/users/me", "/subscriptions/current"])
        {
            (await api.BearerAsync(HttpMethod.Get, path, token)).AssertDetail(HttpStatusCode.Unauthorized, Unauthenticated);
        }
    }

    [TestCase("sk-nobody")]
    [TestCase("Basic dXNlcjpwYXNzd29yZA==")]
    [TestCase("Bearer")]
    public async Task Route_WithAnAuthorizationHeaderThatIsNoneOfABearer_SaysHowItIsWritten(string header)
    {
        foreach (var path in (string[])["/auth/me", "/teams", "/users/search", "/tokens/balance", "/api/keys", "/users/me", "/llm/health"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation("Authorization", header);

            (await Api.SendAsync(request)).AssertDetail(
                HttpStatusCode.Unauthorized, "Invalid authorization header format. Use 'Bearer <token>'");
        }
    }

    [Test]
    public async Task Route_OfAnAccountOrATeamThatThereIsNot_IsNotFound()
    {
        var nobody = int.MaxValue;

        (await AdministerAsync(HttpMethod.Get, $"/users/{nobody}")).AssertDetail(404, "User not found");
        (await AdministerAsync(HttpMethod.Put, $"/users/{nobody}", new { email = Unique.Email() })).AssertDetail(404, "User not found");
        (await AdministerAsync(HttpMethod.Delete, $"/users/{nobody}")).AssertDetail(404, "User not found");
        (await AdministerAsync(HttpMethod.Get, $"/teams/{nobody}")).AssertDetail(404, "Team not found");
        (await AdministerAsync(HttpMethod.Put, $"/teams/{nobody}", new { name = "n" })).AssertDetail(404, "Team not found");
        (await AdministerAsync(HttpMethod.Delete, $"/teams/{nobody}")).AssertDetail(404, "Team not found");
    }

    [Test]
    public async Task Change_OfAnAccountToAnAddressThatIsTaken_IsRefused()
    {
        var (member, other) = (await Api.MemberAsync(), await Api.MemberAsync());

        (await AdministerAsync(HttpMethod.Put, $"/users/{member.Number}", new { email = other.Email })).AssertDetail(400, "Email already registered");

        Assert.That(await Api.SignInAsync(member.Email), Is.Not.Empty);
    }

    private Task<Answer> AdministerAsync(HttpMethod method, string path, object? body = null) =>
        Api.AsAsync(TestPlatform.AdminKey, method, path, body);
}
