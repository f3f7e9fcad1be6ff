using System.Net;
using System.Web;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

/// <summary>Signing in with Google, against a server on loopback that is registered as Google.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public sealed class GoogleSignInTests(DatabaseProvider database)
{
    private const string NoToken = "Access token not received";

    private GoogleServer _google = null!;
    private TestPlatform _platform = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _google = await GoogleServer.StartAsync();
        _platform = await TestPlatform.StartAsync(database, _google.Settings);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _platform.DisposeAsync();
        await _google.DisposeAsync();
    }

    [Test]
    public async Task Start_SendsABrowserToGoogleWithAStateAndAProofKey()
    {
        var answer = await _platform.StayingApi().GetAsync("/login/google");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Found));
        var address = answer.Headers.Location!;
        Assert.That(address.GetLeftPart(UriPartial.Path), Is.EqualTo($"{_google.Address}/authorize"));
        var asked = HttpUtility.ParseQueryString(address.Query);
        Assert.That(
            (asked["response_type"], asked["client_id"], asked["redirect_uri"], asked["scope"], asked["access_type"], asked["code_challenge_method"]),
            Is.EqualTo(("code", GoogleServer.ClientId, "http://localhost:8080/auth/google", "openid profile email", "offline", "S256")));
        Assert.That(new[] { asked["state"]!.Length, asked["nonce"]!.Length, asked["code_challenge"]!.Length }, Is.All.EqualTo(43));
        var cookie = answer.Headers.GetValues("Set-Cookie").Single();
        Assert.That(cookie, Does.Contain("max-age=600").And.Contain("path=/auth/google").And.Contain("samesite=lax").And.Contain("httponly"));
        Assert.That(cookie, Does.Not.Contain(asked["state"]!));
    }

    [Test]
    public async Task SignIn_OfANewPerson_OpensAnAccountWithAWallet()
    {
        var account = Account();

        var answer = await Browser().SignInAsync(_google, account);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        var token = answer["access_token"]!.GetValue<string>();
        Assert.That(answer.Text, Is.EqualTo(
            $$"""
            {"message":"Login successful","user":{"id":"{{account.Subject}}","email":"{{account.Email}}","verified_email":true,"name":"Ada Lovelace","given_name":null,"family_name":null,"picture":"https://pictures.example.com/a"},"access_token":"{{token}}","token_type":"bearer"}
            """));
        var user = await UserAsync(account.Email);
        Assert.That((user.GoogleSubject, user.UserName, user.EmailVerifiedAt is null), Is.EqualTo((account.Subject, "Ada Lovelace", false)));
        Assert.That(await WalletAsync(user.Id), Is.EqualTo(new[] { 500 * MeterUnits.PerCent }));
        var me = await _platform.Api().BearerAsync(HttpMethod.Get, "/users/me", token);
        Assert.That(me["email"]!.GetValue<string>(), Is.EqualTo(account.Email), me.Text);
    }

    [Test]
    public async Task SignIn_AtAServerThatOthersWrote_Succeeds()
    {
        using var server = new OAuthServer();
        await using var platform = await TestPlatform.StartAsync(database, server.GoogleSettings());
        var browser = new GoogleBrowser(platform);
        var email = Unique.Email();
        var (code, state) = await server.AuthorizeAsync(await browser.SetOutAsync(), email);

        var answer = await browser.ComeBackAsync(code, state);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(answer["user"]!["email"]!.GetValue<string>(), Is.EqualTo(email));
    }

    [Test]
    public async Task SignIn_SetsTheCookieOfTheSession()
    {
        var browser = Browser();
        var answer = await browser.SignInAsync(_google, Account());

        var cookies = answer.Headers.GetValues("Set-Cookie").ToList();
        browser.Cookie = cookies.Single(cookie => cookie.StartsWith("access_token=", StringComparison.Ordinal)).Split(';')[0];

        Assert.That(cookies, Has.One.StartsWith("google_sign_in=;"));
        Assert.That((await browser.AskAsync("/api-keys")).Text, Is.EqualTo("""{"api_keys":[],"wallet_balance":500}"""));
    }

    [Test]
    public async Task SignIn_OfAPersonWhoWasHereBefore_IsTheSameAccountWithTheSameWallet()
    {
        var account = Account();
        await Browser().SignInAsync(_google, account);
        var first = await UserAsync(account.Email);

        var again = await Browser().SignInAsync(_google, account with { Email = Unique.Email(), Name = "Another name" });

        Assert.That(again.Status, Is.EqualTo(HttpStatusCode.OK), again.Text);
        Assert.That((await UserAsync(account.Email)).Id, Is.EqualTo(first.Id));
        Assert.That(await WalletAsync(first.Id), Is.EqualTo(new[] { 500 * MeterUnits.PerCent }));
    }

    [Test]
    public async Task SignIn_WhenTheAddressHasAnAccountThatProvedIt_LinksThatAccount()
    {
        var api = _platform.Api();
        var member = await api.MemberAsync();
        await _platform.QueryAsync(db => db.Set<User>().Where(user => user.Email == member.Email)
            .ExecuteUpdateAsync(set => set.SetProperty(user => user.EmailVerifiedAt, _platform.Clock.GetUtcNow())));
        var account = Account() with { Email = member.Email.ToUpperInvariant() };

        var answer = await Browser().SignInAsync(_google, account);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        var user = await UserAsync(member.Email);
        Assert.That((user.GoogleSubject, user.PasswordHash is null), Is.EqualTo((account.Subject, false)));
        await api.SignInAsync(member.Email);
    }

    [Test]
    public async Task SignIn_OfAnotherPersonWhoProvedTheSameAddress_LinksTheAccountToThem()
    {
        var (earlier, email) = (Account(), Unique.Email());
        await Browser().SignInAsync(_google, earlier with { Email = email });
        var later = Account() with { Email = email };

        var answer = await Browser().SignInAsync(_google, later);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That((await UserAsync(email)).GoogleSubject, Is.EqualTo(later.Subject));
    }

    [Test]
    public async Task SignIn_AfterThePersonClosedTheirAccount_OpensAnotherOneAndGivesNothingAgain()
    {
        var account = Account();
        var session = (await Browser().SignInAsync(_google, account))["access_token"]!.GetValue<string>();
        var first = (await UserAsync(account.Email)).Id;
        await _platform.QueryAsync(async db =>
        {
            var user = await db.Set<User>().SingleAsync(user => user.Id == first);
            user.Close(_platform.Clock.GetUtcNow());
            return await db.SaveChangesAsync();
        });

        var again = await Browser().SignInAsync(_google, account);

        Assert.That(again.Status, Is.EqualTo(HttpStatusCode.OK), again.Text);
        Assert.That((await UserAsync(account.Email)).Id, Is.Not.EqualTo(first));
        Assert.That(await WalletAsync((await UserAsync(account.Email)).Id), Is.Empty);
        Assert.That(session, Is.Not.EqualTo(again["access_token"]!.GetValue<string>()));
    }

    [Test]
    public async Task SignIn_OfANewPersonManyTimesAtOnce_OpensOneAccountWithOneGift()
    {
        var account = Account();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Browser().SignInAsync(_google, account)));

        Assert.That(answers.Select(answer => answer.Status), Is.All.AnyOf(HttpStatusCode.OK, HttpStatusCode.Conflict));
        Assert.That(answers.Select(answer => answer.Status), Has.Some.EqualTo(HttpStatusCode.OK));
        Assert.That(await WalletAsync((await UserAsync(account.Email)).Id), Is.EqualTo(new[] { 500 * MeterUnits.PerCent }));
    }

    [Test]
    public async Task SignIn_WhenTheAddressHasAnAccountThatDidNotProveIt_IsRefused()
    {
        var member = await _platform.Api().MemberAsync();

        var answer = await Browser().SignInAsync(_google, Account() with { Email = member.Email });

        answer.AssertDetail(
            HttpStatusCode.Conflict,
            "There is an account with this address that has not proven it. Sign in to it by an email code first (POST /auth/validate-email), then with Google.");
        Assert.That((await UserAsync(member.Email)).GoogleSubject, Is.Null);
    }

    [Test]
    public async Task SignIn_WhenGoogleHasNotSeenTheAddress_IsRefused()
    {
        var account = Account() with { EmailVerified = false };

        (await Browser().SignInAsync(_google, account)).AssertDetail(HttpStatusCode.BadRequest, "Email not verified");

        Assert.That(await _platform.QueryAsync(db => db.Set<User>().AnyAsync(user => user.Email == account.Email)), Is.False);
    }

    [Test]
    public async Task SignIn_WhenTheAccountIsSwitchedOff_IsRefused()
    {
        var account = Account();
        await Browser().SignInAsync(_google, account);
        await _platform.QueryAsync(db => db.Set<User>().Where(user => user.Email == account.Email)
            .ExecuteUpdateAsync(set => set.SetProperty(user => user.Active, false)));

        (await Browser().SignInAsync(_google, account)).AssertDetail(HttpStatusCode.Unauthorized, "Unauthorized");
    }

    [Test]
    public async Task Finish_WithoutACode_NamesTheField()
    {
        var browser = Browser();
        await browser.SetOutAsync();

        var answer = await browser.ComeBackAsync(null, "state");

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(answer.Text, Does.Contain("code"));
    }

    [Test]
    public async Task Finish_WhenThePersonDeclined_IsRefused()
    {
        var browser = Browser();
        var state = HttpUtility.ParseQueryString((await browser.SetOutAsync()).Query)["state"];

        (await browser.AskAsync($"/auth/google?error=access_denied&state={state}")).AssertDetail(HttpStatusCode.BadRequest, NoToken);
    }

    [Test]
    public async Task Finish_InABrowserThatDidNotSetOut_IsRefused()
    {
        var (browser, other) = (Browser(), Browser());
        var (code, state) = _google.SignIn(await browser.SetOutAsync(), Account());
        await other.SetOutAsync();

        (await other.ComeBackAsync(code, state)).AssertDetail(HttpStatusCode.BadRequest, "Invalid state");
        (await Browser().ComeBackAsync(code, state)).AssertDetail(HttpStatusCode.BadRequest, "Invalid state");
        (await browser.ComeBackAsync(code, null)).AssertDetail(HttpStatusCode.BadRequest, "Invalid state");
        (await browser.ComeBackAsync(code, $"{state}x")).AssertDetail(HttpStatusCode.BadRequest, "Invalid state");
        browser.Cookie = $"{browser.Cookie![..^8]}AAAAAAAA";
        (await browser.ComeBackAsync(code, state)).AssertDetail(HttpStatusCode.BadRequest, "Invalid state");
    }

    [Test]
    public async Task Finish_TenMinutesLater_IsRefused()
    {
        await using var platform = await TestPlatform.StartAsync(database, _google.Settings);
        var browser = new GoogleBrowser(platform);
        var (code, state) = _google.SignIn(await browser.SetOutAsync(), Account());

        platform.Clock.Advance(TimeSpan.FromMinutes(10));

        (await browser.ComeBackAsync(code, state)).AssertDetail(HttpStatusCode.BadRequest, "Invalid state");
    }

    [Test]
    public async Task Finish_WithACodeThatWasUsed_IsRefused()
    {
        var browser = Browser();
        var (code, state) = _google.SignIn(await browser.SetOutAsync(), Account());
        await browser.ComeBackAsync(code, state);

        (await browser.ComeBackAsync(code, state)).AssertDetail(HttpStatusCode.BadRequest, NoToken);
    }

    [TestCaseSource(typeof(GoogleMisbehaviors), nameof(GoogleMisbehaviors.Forgeries))]
    public async Task SignIn_WhenTheTokenIsNotForThisSignIn_IsRefused(Action<Misbehavior> misbehave)
    {
        var account = Account();

        (await Browser().SignInAsync(_google, account, misbehave)).AssertDetail(HttpStatusCode.BadRequest, NoToken);

        Assert.That(await _platform.QueryAsync(db => db.Set<User>().AnyAsync(user => user.Email == account.Email)), Is.False);
    }

    [TestCaseSource(typeof(GoogleMisbehaviors), nameof(GoogleMisbehaviors.Failures))]
    public async Task SignIn_WhenGoogleGivesNoAnswer_SaysSo(Action<Misbehavior> misbehave) =>
        (await Browser().SignInAsync(_google, Account(), misbehave)).AssertDetail(
            HttpStatusCode.BadGateway, "Google cannot be reached. Try again in a minute.");

    [Test]
    public async Task Start_WhenGoogleCannotBeAsked_SaysSo()
    {
        await using var platform = await TestPlatform.StartAsync(
            database, [.. _google.Settings.Where(setting => setting.Key != "Google:Authority"), ("Google:Authority", "http://127.0.0.1:1")]);

        (await platform.Api().GetAsync("/login/google")).AssertDetail(
            HttpStatusCode.BadGateway, "Google cannot be reached. Try again in a minute.");
    }

    [Test]
    public async Task Start_WhenGoogleIsNotConfigured_SaysSo()
    {
        var api = (await SharedPlatforms.GetAsync(database)).Api();

        (await api.GetAsync("/login/google")).AssertDetail(HttpStatusCode.ServiceUnavailable, "Google login is not configured");
        (await api.GetAsync("/auth/google?code=c&state=s")).AssertDetail(HttpStatusCode.ServiceUnavailable, "Google login is not configured");
    }

    [Test]
    public async Task Providers_NameGoogleWhereItIsConfigured() => Assert.That(
        (await _platform.Api().GetAsync("/auth/providers")).Text,
        Is.EqualTo("""{"providers":[{"name":"google","display_name":"Google","authorization_url":"http://localhost:8080/login/google"}]}"""));

    [Test]
    public async Task SignIn_LeavesNothingToReadOfCodesTokensAndSecrets()
    {
        var browser = Browser();
        var (code, state) = _google.SignIn(await browser.SetOutAsync(), Account());
        var answer = await browser.ComeBackAsync(code, state);

        var kept = string.Concat(_platform.Log.Text, await _platform.DumpAsync(database));

        Assert.That(kept, Does.Not.Contain(code).And.Not.Contain(state).And.Not.Contain(GoogleServer.ClientSecret));
        Assert.That(kept, Does.Not.Contain(answer["access_token"]!.GetValue<string>()).And.Not.Contain("ya29."));
    }

    [Test]
    public async Task Token_OfASession_IsItsClaims()
    {
        var account = Account();
        var token = (await Browser().SignInAsync(_google, account))["access_token"]!.GetValue<string>();

        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post])
        {
            var claims = await _platform.Api().BearerAsync(method, "/token", token);

            Assert.That(
                (claims["sub"]!.GetValue<Guid>(), claims["iss"]!.GetValue<string>(), claims["exp"]!.GetValue<long>() - claims["iat"]!.GetValue<long>()),
                Is.EqualTo(((await UserAsync(account.Email)).Id, "aiplatform", 1800L)), claims.Text);
        }
    }

    [Test]
    public async Task Token_WithoutASession_IsRefused()
    {
        var api = _platform.Api();
        var token = (await Browser().SignInAsync(_google, Account()))["access_token"]!.GetValue<string>();
        var parts = token.Split('.');
        var unsigned = $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.";

        var missing = await api.BearerAsync(HttpMethod.Get, "/token", null);

        missing.AssertDetail(HttpStatusCode.Unauthorized, "Not authenticated");
        Assert.That(missing.Headers.WwwAuthenticate.ToString(), Is.EqualTo("Bearer"));
        foreach (var wrong in (string[])[unsigned, $"{parts[0]}.{parts[1]}.{parts[2][..^3]}abc", "nonsense", TestPlatform.AdminKey])
        {
            (await api.BearerAsync(HttpMethod.Get, "/token", wrong)).AssertDetail(HttpStatusCode.Unauthorized, "Invalid token");
        }
    }

    [TestCase("GET")]
    [TestCase("POST")]
    public async Task Logout_EndsTheSession(string method)
    {
        var api = _platform.Api();
        var token = (await Browser().SignInAsync(_google, Account()))["access_token"]!.GetValue<string>();

        var ended = await api.BearerAsync(new HttpMethod(method), "/logout", token);

        Assert.That(ended.Text, Is.EqualTo("""{"message":"Successfully logged out"}"""));
        (await api.BearerAsync(HttpMethod.Get, "/token", token)).AssertDetail(HttpStatusCode.Unauthorized, "Invalid token");
        (await api.BearerAsync(HttpMethod.Get, "/api-keys", token)).AssertDetail(HttpStatusCode.Unauthorized, "Unauthorized");
    }

    private static GoogleAccount Account() => new($"{Unique.Id():N}", Unique.Email());

    private GoogleBrowser Browser() => new(_platform);

    private Task<User> UserAsync(string email) => _platform.QueryAsync(db => db.Set<User>().SingleAsync(user => user.Email == email));

    private Task<List<long>> WalletAsync(Guid userId) => _platform.QueryAsync(db => db.Set<LedgerAccount>()
        .Where(account => account.OwnerId == userId && account.Meter == Meter.Wallet).Select(account => account.Granted).ToListAsync());
}
