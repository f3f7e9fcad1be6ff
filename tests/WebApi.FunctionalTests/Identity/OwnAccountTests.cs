using System.Net;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

public sealed class OwnAccountTests(DatabaseProvider database) : PlatformTests(database)
{
    private const string SignInNeeded = "Sign in again by a code or with Google to set a password";

    [Test]
    public async Task Me_WithoutACredential_IsRefused()
    {
        (await Api.GetAsync("/auth/me")).AssertDetail(401, "Could not validate credentials");
        (await Api.AsAsync("sk-nobody", HttpMethod.Get, "/auth/me")).AssertDetail(401, "Could not validate credentials");
    }

    [Test]
    public async Task Update_WhenThePasswordIsRight_ChangesTheAddress()
    {
        var member = await Api.MemberAsync();
        var email = Unique.Email();

        var answer = await UpdateAsync(member, new { email, current_password = Accounts.Password });

        Assert.That(answer["email"]!.GetValue<string>(), Is.EqualTo(email), answer.Text);
        Assert.That(await Api.SignInAsync(email), Is.Not.Empty);
    }

    [Test]
    public async Task Update_OfThePassword_EndsAllOtherSessions()
    {
        var member = await Api.MemberAsync();
        var other = await Api.SignInAsync(member.Email);

        var answer = await UpdateAsync(member, new { current_password = Accounts.Password, new_password = "another-password-2" });

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That((await Api.AsAsync(member.Session, HttpMethod.Get, "/auth/me")).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await Api.AsAsync(other, HttpMethod.Get, "/auth/me")).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await Api.SignInAsync(member.Email, "another-password-2"), Is.Not.Empty);
        (await Api.PostAsync("/auth/login", new { username = member.Email, password = Accounts.Password }))
            .AssertDetail(401, "Incorrect email or password");
    }

    [Test]
    public async Task Update_WhenAnythingIsWrong_ChangesNothing()
    {
        var (member, other) = (await Api.MemberAsync(), await Api.MemberAsync());

        (await UpdateAsync(member, new { email = Unique.Email() })).AssertDetail(400, "Current password is required to update email");
        (await UpdateAsync(member, new { new_password = "another-password-2" })).AssertDetail(400, "Current password is required to update password");
        (await UpdateAsync(member, new { email = Unique.Email(), current_password = "wrong-password" })).AssertDetail(400, "Incorrect password");
        (await UpdateAsync(member, new { email = other.Email, current_password = Accounts.Password })).AssertDetail(400, "Email already registered");
        (await UpdateAsync(member, new { email = "nobody", current_password = Accounts.Password })).AssertDetail(422, "email: must be an e-mail address");
        (await UpdateAsync(member, new { new_password = "short", current_password = Accounts.Password }))
            .AssertDetail(422, "new_password: must be a string of 8 to 256 characters");
        Assert.That((await Api.AsAsync(await Api.SignInAsync(member.Email), HttpMethod.Get, "/auth/me"))["email"]!.GetValue<string>(), Is.EqualTo(member.Email));
    }

    [Test]
    public async Task Update_OfAnAccountWithoutAPassword_SetsOneRightAfterASignInByCode()
    {
        var email = Unique.Email();
        var session = await Api.SignInByCodeAsync(Platform, email);

        var answer = await UpdateAsync(session, new { new_password = "a-first-password-1" });

        Assert.That((answer.Status, answer["email"]!.GetValue<string>()), Is.EqualTo((HttpStatusCode.OK, email)), answer.Text);
        Assert.That(await Api.SignInAsync(email, "a-first-password-1"), Is.Not.Empty);
        (await UpdateAsync(session, new { new_password = "a-second-password-2" })).AssertDetail(400, "Current password is required to update password");
    }

    [Test]
    public async Task Update_OfAnAccountWithoutAPassword_EndsAllOtherSessions()
    {
        await using var platform = await TestPlatform.StartAsync(Database);
        var (api, email) = (platform.Api(), Unique.Email());
        var other = await api.SignInByCodeAsync(platform, email);
        platform.Clock.Advance(TimeSpan.FromMinutes(1));
        var session = await api.SignInByCodeAsync(platform, email);

        await api.AsAsync(session, HttpMethod.Put, "/auth/me/update", new { new_password = "a-first-password-1" });

        Assert.That((await api.AsAsync(session, HttpMethod.Get, "/auth/me")).Status, Is.EqualTo(HttpStatusCode.OK));
        (await api.AsAsync(other, HttpMethod.Get, "/auth/me")).AssertDetail(401, "Could not validate credentials");
    }

    [Test]
    public async Task Update_OfAnAccountWithoutAPassword_NeedsASignInOfTheLastFiveMinutes()
    {
        await using var platform = await TestPlatform.StartAsync(Database);
        var (api, email) = (platform.Api(), Unique.Email());
        var session = await api.SignInByCodeAsync(platform, email);
        platform.Clock.Advance(TimeSpan.FromMinutes(5));

        (await api.AsAsync(session, HttpMethod.Put, "/auth/me/update", new { new_password = "a-first-password-1" })).AssertDetail(403, SignInNeeded);

        session = await api.SignInByCodeAsync(platform, email);
        Assert.That(
            (await api.AsAsync(session, HttpMethod.Put, "/auth/me/update", new { new_password = "a-first-password-1" })).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Update_OfAnAccountWithoutAPassword_IsRefusedWithAKeyOrAPasswordThatThereIsNot()
    {
        var person = await Api.UserAsync();
        var session = await Api.SignInByCodeAsync(Platform, Unique.Email());
        var token = (await Api.AsAsync(session, HttpMethod.Post, "/auth/token", new { name = "mine" }))["token"]!.GetValue<string>();

        foreach (var bearer in (string[])[person.ApiKey, person.Token, token])
        {
            (await UpdateAsync(bearer, new { new_password = "a-first-password-1" })).AssertDetail(403, SignInNeeded);
        }

        (await UpdateAsync(session, new { new_password = "a-first-password-1", current_password = "a-guess-0" })).AssertDetail(400, "Incorrect password");
        (await UpdateAsync(session, new { new_password = "a-first-password-1", email = Unique.Email() }))
            .AssertDetail(400, "Current password is required to update email");
    }

    [Test]
    public async Task Update_WhoseSignInWasByPassword_NeedsThePasswordHoweverFreshItIs() =>
        (await UpdateAsync(await Api.MemberAsync(), new { new_password = "another-password-2" }))
            .AssertDetail(400, "Current password is required to update password");

    private Task<Answer> UpdateAsync(string bearer, object body) => Api.AsAsync(bearer, HttpMethod.Put, "/auth/me/update", body);

    private Task<Answer> UpdateAsync(Member member, object body) => UpdateAsync(member.Session, body);
}
