using System.Net;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

/// <summary>Tokens behind which a directory stands: a real OAuth server over https. The database plays no part in it.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class EntraTests
{
    private static readonly TimeSpan PastTheInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PastTheBreak = TimeSpan.FromSeconds(20);

    [Test]
    public async Task Token_WhenTheDirectoryGrants_LastsAsLongAsItsGrant()
    {
        using var directory = new OAuthServer();
        await using var platform = await StartAsync(directory);

        var answer = await platform.Api().GetAsync("/get-token", TestPlatform.AdminKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(answer["expires_in"]!.GetValue<int>(), Is.InRange(3000, 3600));
        Assert.That(await AskAsync(platform, answer["access_token"]!.GetValue<string>()), Has.Property("Status").EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Directory_WhenManyAskAtOnce_IsAskedOnce()
    {
        using var directory = new OAuthServer();
        await using var platform = await StartAsync(directory);
        var api = platform.Api();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => api.GetAsync("/get-token", TestPlatform.AdminKey)));

        Assert.That(answers.Select(answer => answer.Status), Is.All.EqualTo(HttpStatusCode.OK));
        Assert.That(await directory.RequestsAsync(), Is.EqualTo(1));
    }

    [Test]
    public async Task Directory_WhenItsWordIsOldEnough_IsAskedAgain()
    {
        using var directory = new OAuthServer();
        await using var platform = await StartAsync(directory);
        var token = await platform.Api().TokenAsync();
        await AskAsync(platform, token);
        Assert.That(await directory.RequestsAsync(), Is.EqualTo(1));

        platform.Clock.Advance(PastTheInterval);
        await AskAsync(platform, token);

        Assert.That(await directory.RequestsAsync(), Is.EqualTo(2));
    }

    [TestCase("refuse")]
    [TestCase("500")]
    [TestCase("hang")]
    public async Task Token_WhenTheDirectoryNoLongerGrants_IsRefusedUntilItDoesAgain(string mode)
    {
        using var directory = new OAuthServer();
        await using var platform = await StartAsync(directory, ("Entra:Timeout", "00:00:00.5"));
        var token = await platform.Api().TokenAsync();
        await directory.SetModeAsync(mode);
        Assert.That(await AskAsync(platform, token), Has.Property("Status").EqualTo(HttpStatusCode.OK), "Its word is a moment old.");

        platform.Clock.Advance(PastTheInterval);
        (await AskAsync(platform, token)).AssertUnauthenticated("Token is no longer valid with provider");

        await directory.SetModeAsync("ok");
        Assert.That(await AskAsync(platform, token), Has.Property("Status").EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Token_WhenTheDirectoryNoLongerGrants_IsRefusedOnEveryRoute()
    {
        using var directory = new OAuthServer();
        await using var platform = await StartAsync(directory);
        var api = platform.Api();
        var token = await api.TokenAsync();
        await directory.SetModeAsync("refuse");
        platform.Clock.Advance(PastTheInterval);

        var details = await api.GetAsync($"/get-token-details?token={token}", TestPlatform.AdminKey);
        Assert.That(details["token_status"]!.GetValue<string>(), Is.EqualTo("invalid"));
        (await api.AdministerAsync("/admin/update-user", ("token", token), ("id", "x")))
            .AssertUnauthenticated("Token is no longer valid with provider");
        foreach (var path in TokenRouteTests.ModelPaths)
        {
            (await api.PostAsync(path, "[1]", token: token)).AssertUnauthenticated("Token is no longer valid with provider");
        }

        AssertNotGranted(await api.GetAsync("/get-token", TestPlatform.AdminKey));
        AssertNotGranted(await api.PostAsync($"/refresh-token?token={token}", apiKey: TestPlatform.AdminKey));
    }

    [Test]
    public async Task Directory_WhenItKeepsFailing_IsLeftAloneForAWhile()
    {
        using var directory = new OAuthServer();
        await directory.SetModeAsync("500");
        await using var platform = await StartAsync(directory);
        var api = platform.Api();

        for (var call = 0; call < 10; call++)
        {
            AssertNotGranted(await api.GetAsync("/get-token", TestPlatform.AdminKey));
        }

        Assert.That(await directory.RequestsAsync(), Is.EqualTo(3));
        await directory.SetModeAsync("ok");
        platform.Clock.Advance(PastTheBreak);
        Assert.That((await api.GetAsync("/get-token", TestPlatform.AdminKey)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Directory_WhenItsCertificateIsNotTrusted_IsNotTalkedTo()
    {
        using var directory = new OAuthServer();
        await using var platform = await StartAsync(directory, ("Entra:CertificateAuthority", null));

        AssertNotGranted(await platform.Api().GetAsync("/get-token", TestPlatform.AdminKey));
        Assert.That(await directory.RequestsAsync(), Is.Zero);
    }

    [Test]
    public async Task Directory_WhenNobodyListens_GrantsNothing()
    {
        using var directory = new OAuthServer();
        await using var platform = await StartAsync(directory, ("Entra:Authority", "https://localhost:1"));

        AssertNotGranted(await platform.Api().GetAsync("/get-token", TestPlatform.AdminKey));
    }

    [Test]
    public async Task Directory_WhenItIsNamedByTheDocumentedVariables_IsFound()
    {
        using var directory = new OAuthServer();
        await using var platform = await TestPlatform.StartAsync(
            DatabaseProvider.Sqlite,
            ("S0_TOKEN_PROVIDER", "entra"),
            ("ENTRA_APP_TENANT_ID", directory.Tenant),
            ("ENTRA_APP_CLIENT_ID", OAuthServer.ClientId),
            ("ENTRA_APP_CLIENT_SECRET", OAuthServer.ClientSecret),
            ("Entra:Authority", directory.Address),
            ("Entra:CertificateAuthority", OAuthServer.Certificate));

        Assert.That((await platform.Api().GetAsync("/get-token", TestPlatform.AdminKey)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task OrganisationsSecrets_WhenTokensWereIssuedAndRefused_AreNowhereToBeSeen()
    {
        using var directory = new OAuthServer();
        await using var platform = await StartAsync(directory, ("Logging:LogLevel:Default", "Debug"), ("Logging:LogLevel:Microsoft", "Debug"));
        var api = platform.Api();
        var granted = await api.GetAsync("/get-token", TestPlatform.AdminKey);
        await directory.SetModeAsync("refuse");
        platform.Clock.Advance(PastTheInterval);
        var refused = await api.GetAsync("/get-token", TestPlatform.AdminKey);
        var seen = string.Concat(granted.Text, refused.Text, platform.Log.Text, await platform.DumpAsync(DatabaseProvider.Sqlite));

        Assert.That(seen, Does.Contain("MsalServiceException"), "The log names the failure.");
        Assert.That(seen, Does.Not.Contain(OAuthServer.ClientSecret));

        // Every JSON Web Token begins so.
        Assert.That(seen, Does.Not.Contain("eyJ"));
    }

    private static Task<TestPlatform> StartAsync(OAuthServer directory, params (string Key, string? Value)[] more)
    {
        var settings = directory.Settings().ToDictionary(setting => setting.Key, setting => setting.Value);
        foreach (var (key, value) in more)
        {
            settings[key] = value;
        }

        return TestPlatform.StartAsync(DatabaseProvider.Sqlite, [.. settings.Select(setting => (setting.Key, setting.Value))]);
    }

    private static Task<Answer> AskAsync(TestPlatform platform, string token) =>
        platform.Api().PostAsync("/llm/gpt-4o", new { user_input = "Hello" }, token: token);

    private static void AssertNotGranted(Answer answer)
    {
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.InternalServerError), answer.Text);
        Assert.That(
            answer.Text,
            Is.EqualTo("""{"error":"Failed to acquire token","details":"The identity provider did not grant a token"}"""));
    }
}
