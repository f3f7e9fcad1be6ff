using System.Net;
using AiPlatform.Domain.Identity;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

public sealed class EmailCodeTests(DatabaseProvider database) : PlatformTests(database)
{
    private const string Incorrect = "Incorrect email or verification code";

    [Test]
    public async Task Code_WhenSentToANewAddress_OpensAnAccountOnce()
    {
        var email = Unique.Email();

        var first = await SignInAsync(email, await SendAsync(email));
        var me = await Api.AsAsync(first["access_token"]!.GetValue<string>(), HttpMethod.Get, "/auth/me");

        Assert.That(me["email"]!.GetValue<string>(), Is.EqualTo(email));
        Assert.That(first.Headers.GetValues("Set-Cookie").Single(), Does.StartWith("access_token="));
    }

    [Test]
    public async Task Code_WhenUsed_ProvesThatTheAddressIsThePersonsOwn()
    {
        var member = await Api.MemberAsync();
        Assert.That(await VerifiedAtAsync(member.Email), Is.Null);

        await SignInAsync(member.Email, await SendAsync(member.Email));

        Assert.That(await VerifiedAtAsync(member.Email), Is.Not.Null);
    }

    [Test]
    public async Task Code_WhenUsedTwice_IsRefusedTheSecondTime()
    {
        var email = Unique.Email();
        var code = await SendAsync(email);
        await SignInAsync(email, code);

        (await SignInAsync(email, code)).AssertDetail(401, Incorrect);
    }

    [Test]
    public async Task Code_WhenUsedByManyAtOnce_IsGoodOnce()
    {
        var email = (await Api.MemberAsync()).Email;
        var code = await SendAsync(email);

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => SignInAsync(email, code)));

        Assert.That(answers.Count(answer => answer.Status is HttpStatusCode.OK), Is.EqualTo(1));
    }

    [Test]
    public async Task Code_AfterFiveWrongGuesses_IsWorthNothing()
    {
        var email = Unique.Email();
        var code = await SendAsync(email);
        for (var guess = 0; guess < 5; guess++)
        {
            (await SignInAsync(email, code == "000000" ? "000001" : "000000")).AssertDetail(401, Incorrect);
        }

        (await SignInAsync(email, code)).AssertDetail(401, Incorrect);
    }

    [Test]
    public async Task Code_AfterTenMinutes_IsRefused()
    {
        var platform = await TestPlatform.StartAsync(Database);
        await using var _ = platform;
        var (api, email) = (platform.Api(), Unique.Email());
        await api.PostAsync("/auth/validate-email", new { email });
        var code = EmailCodes.CodeIn(platform, email);
        platform.Clock.Advance(TimeSpan.FromMinutes(10));

        (await api.PostAsync("/auth/sign-in", new { username = email, verification_code = code })).AssertDetail(401, Incorrect);
    }

    [Test]
    public async Task Code_ForSomebodyElsesAddress_IsRefused()
    {
        var (mine, other) = (Unique.Email(), Unique.Email());
        var code = await SendAsync(mine);
        await SendAsync(other);

        (await SignInAsync(other, code)).AssertDetail(401, Incorrect);
    }

    [TestCase("{}", "Email is required")]
    [TestCase("""{"email":""}""", "Email is required")]
    [TestCase("""{"email":null}""", "Email is required")]
    [TestCase("""{"email":"nobody"}""", "Invalid email format")]
    [TestCase("""{"email":7}""", "Invalid email format")]
    public async Task Send_WhenTheAddressIsNone_SaysSo(string body, string detail) =>
        (await Api.PostAsync("/auth/validate-email", body)).AssertDetail(400, detail);

    [TestCase("{}")]
    [TestCase("""{"username":"a@example.com"}""")]
    [TestCase("""{"username":"a@example.com","verification_code":123456}""")]
    public async Task SignIn_WhenFieldsAreMissing_SaysWhichForm(string body) => (await Api.PostAsync("/auth/sign-in", body)).AssertDetail(
        400, "Invalid sign in data. Please provide username and verification code in either form data or JSON format.");

    private async Task<string> SendAsync(string email)
    {
        var answer = await Api.PostAsync("/auth/validate-email", new { email });
        Assert.That(answer["message"]!.GetValue<string>(), Is.EqualTo("Validation code has been generated and sent"));
        return EmailCodes.CodeIn(Platform, email);
    }

    private Task<DateTimeOffset?> VerifiedAtAsync(string email) => Platform.QueryAsync(db =>
        db.Set<User>().Where(user => user.Email == email).Select(user => user.EmailVerifiedAt).SingleAsync());

    private Task<Answer> SignInAsync(string email, string code) => Api.FormAsync("/auth/sign-in", ("username", email), ("verification_code", code));
}
