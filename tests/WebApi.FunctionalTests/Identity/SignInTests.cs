using System.Globalization;
using System.Net;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

public sealed class SignInTests(DatabaseProvider database) : PlatformTests(database)
{
    private static readonly DateTimeOffset BeginningOfAMinute = new(2027, 1, 1, 0, 1, 5, TimeSpan.Zero);

    [Test]
    public async Task SignIn_WithAForm_GivesATokenAndACookie()
    {
        var member = await Api.MemberAsync();

        var answer = await Api.FormAsync("/auth/login", ("username", member.Email), ("password", Accounts.Password));

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(answer.Json.AsObject().Select(field => field.Key), Is.EqualTo(new[] { "access_token", "token_type" }));
        Assert.That(answer["token_type"]!.GetValue<string>(), Is.EqualTo("bearer"));
        var cookie = answer.Headers.GetValues("Set-Cookie").Single();
        Assert.That(cookie, Does.StartWith($"access_token={answer["access_token"]}"));
        Assert.That(cookie, Does.Contain("httponly").IgnoreCase.And.Contain("samesite=lax").IgnoreCase);
        Assert.That(answer.Headers.CacheControl?.NoStore, Is.True);
    }

    [Test]
    public async Task SignIn_ByAddressAsJson_GivesARefreshTokenToo()
    {
        var member = await Api.MemberAsync();

        var answer = await Api.PostAsync("/auth/login", new { email = member.Email, password = Accounts.Password });

        Assert.That(answer["refresh_token"]!.GetValue<string>(), Is.Not.Empty);
        Assert.That(answer["expires_in"]!.GetValue<int>(), Is.EqualTo(1800));
    }

    [Test]
    public async Task SignIn_ByHandle_IsAccepted()
    {
        var handle = Unique.Handle();
        await Api.PostAsync("/auth/register", new { email = Unique.Email(), password = Accounts.Password, username = handle });

        Assert.That(await Api.SignInAsync(handle.ToUpperInvariant()), Is.Not.Empty);
    }

    [Test]
    public async Task SignIn_WhenPasswordOrAddressIsWrong_AnswersTheSame()
    {
        var member = await Api.MemberAsync();
        var keyOnly = await Api.UserAsync();

        foreach (var (username, password) in new[]
        {
            (member.Email, "another-password"), (Unique.Email(), Accounts.Password), (keyOnly.Email, Accounts.Password),
            (member.Email, new string('p', 100_000)), ("' OR 1=1 --", "x"), ("\u202Eadmin", "x"),
        })
        {
            (await Api.PostAsync("/auth/login", new { username, password })).AssertDetail(401, "Incorrect email or password");
        }
    }

    [Test]
    public async Task SignIn_WhenTheAccountIsInactive_AnswersTheSame()
    {
        var member = await Api.MemberAsync();
        var id = await Platform.IdOfAsync(member);
        await Api.UpdateUserAsync(id, ("active", false));

        (await Api.PostAsync("/auth/login", new { username = member.Email, password = Accounts.Password }))
            .AssertDetail(401, "Incorrect email or password");
        (await Api.AsAsync(member.Session, HttpMethod.Get, "/auth/me")).AssertDetail(401, "Could not validate credentials");
    }

    [TestCase("{}")]
    [TestCase("""{"username":"a@example.com"}""")]
    [TestCase("""{"password":"x"}""")]
    [TestCase("""{"username":7,"password":"x"}""")]
    [TestCase("not json")]
    [TestCase("")]
    public async Task SignIn_WhenFieldsAreMissing_SaysWhichForm(string body) => (await Api.PostAsync("/auth/login", body)).AssertDetail(
        400, "Invalid login data. Please provide username and password in either form data or JSON format.");

    [Test]
    public async Task SignIn_WhenAFormNamesAFieldTwice_IsRefused() =>
        (await Api.FormAsync("/auth/login", ("username", "a@example.com"), ("username", "b@example.com"), ("password", "x"))).AssertDetail(
            400, "Invalid login data. Please provide username and password in either form data or JSON format.");

    [Test]
    public async Task SignIn_AfterManyFailures_MakesTheGuesserWaitAndNotTheOwnerForGood()
    {
        var platform = await TestPlatform.StartAsync(Database);
        await using var _ = platform;
        var api = platform.Api();
        var member = await api.MemberAsync();

        Answer answer;
        var failures = 0;
        do
        {
            answer = await api.PostAsync("/auth/login", new { username = member.Email, password = "wrong-password" });
            failures++;
        }
        while (answer.Status is HttpStatusCode.Unauthorized && failures < 20);

        answer.AssertDetail(429, "Too many failed sign-in attempts. Try again later.");
        Assert.That(failures, Is.EqualTo(7));
        var wait = int.Parse(answer.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture);
        (await api.PostAsync("/auth/login", new { username = member.Email, password = Accounts.Password }))
            .AssertDetail(429, "Too many failed sign-in attempts. Try again later.");
        platform.Clock.Advance(TimeSpan.FromSeconds(wait));
        Assert.That(await api.SignInAsync(member.Email), Is.Not.Empty);
    }

    [Test]
    public async Task SignIn_WhenManyGuessesComeAtOnce_CountsEachOfThem()
    {
        var member = await Api.MemberAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            Api.PostAsync("/auth/login", new { username = member.Email, password = "wrong-password" })));

        (await Api.PostAsync("/auth/login", new { username = member.Email, password = "wrong-password" }))
            .AssertDetail(429, "Too many failed sign-in attempts. Try again later.");
    }

    [Test]
    public async Task SignIn_WhenTheHashIsWeak_HashesThePasswordAnew()
    {
        var platform = await TestPlatform.StartAsync(Database, ("Passwords:Iterations", "120000"));
        await using var _ = platform;
        var member = await platform.Api().MemberAsync();
        var weak = new PasswordHasher<Member>(Options.Create(new PasswordHasherOptions { IterationCount = 10_000 }))
            .HashPassword(member, Accounts.Password);
        await platform.SetPasswordHashAsync(member, weak);

        await platform.Api().SignInAsync(member.Email);

        Assert.That(await platform.PasswordHashAsync(member), Is.Not.EqualTo(weak));
        await platform.Api().SignInAsync(member.Email);
    }

    [Test]
    public async Task Rates_OfAnAccount_AreSharedByItsCredentialsAndTakenByNobodyElse()
    {
        var platform = await TestPlatform.StartAsync(Database, ("RateLimits:GeneralPerMinute", "3"));
        await using var _ = platform;
        platform.Clock.Set(BeginningOfAMinute);
        var api = platform.Api();
        var (member, other) = (await api.MemberAsync(), await api.MemberAsync());
        for (var stranger = 0; stranger < 5; stranger++)
        {
            var refused = await api.AsAsync(Unique.Id().ToString(), HttpMethod.Get, "/auth/me");
            Assert.That((refused.Status, refused.Headers.Contains("X-RateLimit-Limit")), Is.EqualTo((HttpStatusCode.Unauthorized, true)));
        }

        foreach (var credential in new[] { member.Session, await api.SignInAsync(member.Email), await api.SignInAsync(member.Email) })
        {
            Assert.That((await api.AsAsync(credential, HttpMethod.Get, "/auth/me")).Status, Is.EqualTo(HttpStatusCode.OK));
        }

        (await api.AsAsync(member.Session, HttpMethod.Get, "/auth/me")).AssertDetail(429, "Rate limit exceeded");
        Assert.That((await api.AsAsync(other.Session, HttpMethod.Get, "/auth/me")).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Rates_WhenReached_AreToldAndRefuse()
    {
        var platform = await TestPlatform.StartAsync(Database, ("RateLimits:CredentialsPerMinute", "3"));
        await using var _ = platform;
        platform.Clock.Set(BeginningOfAMinute);
        var api = platform.Api();

        var answers = new List<Answer>();
        for (var call = 0; call < 4; call++)
        {
            answers.Add(await api.PostAsync("/auth/validate-email", new { email = Unique.Email() }));
        }

        Assert.That(answers.Take(3).Select(answer => answer.Headers.GetValues("X-RateLimit-Remaining").Single()), Is.EqualTo(new[] { "2", "1", "0" }));
        answers[3].AssertDetail(429, "Rate limit exceeded");
        Assert.That(answers[3].Headers.Contains("Retry-After"), Is.True);
        Assert.That(answers[3].Headers.GetValues("X-RateLimit-Limit").Single(), Is.EqualTo("3"));
        platform.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That((await api.PostAsync("/auth/validate-email", new { email = Unique.Email() })).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Rates_WhenACallOfTheMinuteBeforeIsCountedLate_AreNotCountedAnew()
    {
        await using var platform = await TestPlatform.StartAsync(Database, ("RateLimits:CredentialsPerMinute", "2"));
        platform.Clock.Set(BeginningOfAMinute);
        var api = platform.Api();
        var first = await api.PostAsync("/auth/validate-email", new { email = Unique.Email() });

        // Who looked at the clock before the minute began, and was held up.
        platform.Clock.Advance(TimeSpan.FromSeconds(-10));
        var late = await api.PostAsync("/auth/validate-email", new { email = Unique.Email() });
        platform.Clock.Advance(TimeSpan.FromSeconds(10));
        var last = await api.PostAsync("/auth/validate-email", new { email = Unique.Email() });

        Assert.That((first.Status, late.Status), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)), late.Text);
        last.AssertDetail(429, "Rate limit exceeded");
    }
}
