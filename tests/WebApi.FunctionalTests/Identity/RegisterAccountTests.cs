using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

public sealed class RegisterAccountTests(DatabaseProvider database) : PlatformTests(database)
{
    [Test]
    public async Task Register_WhenTheAddressIsNew_OpensAnAccount()
    {
        var email = Unique.Email();

        var answer = await Api.PostAsync("/auth/register", new { email = $" {email.ToUpperInvariant()} ", password = Accounts.Password });

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        var expected = new JsonObject
        {
            ["id"] = answer["id"]!.GetValue<long>(),
            ["email"] = email,
            ["is_active"] = true,
            ["is_admin"] = false,
            ["team_id"] = null,
            ["role"] = null,
        };
        Assert.That(JsonNode.DeepEquals(answer.Json, expected), Is.True, answer.Text);
    }

    [Test]
    public async Task Register_WhenAskedForATierOrARole_GivesNone()
    {
        var body = new { email = Unique.Email(), password = Accounts.Password, is_admin = true, scope = 0, role = "admin", team_id = 1 };

        var answer = await Api.PostAsync("/auth/register", body);

        Assert.That(answer["is_admin"]!.GetValue<bool>(), Is.False);
        Assert.That(answer["team_id"], Is.Null);
    }

    [Test]
    public async Task Register_WhenTheAddressIsTaken_IsRefused()
    {
        var member = await Api.MemberAsync();
        var fullwidth = member.Email.Replace("@example", "@\uFF45xample", StringComparison.Ordinal);

        foreach (var email in new[] { member.Email, member.Email.ToUpperInvariant(), fullwidth })
        {
            (await Api.PostAsync("/auth/register", new { email, password = Accounts.Password })).AssertDetail(400, "Email already registered");
        }
    }

    [Test]
    public async Task Register_WhenTheHandleIsTaken_IsRefused()
    {
        var handle = Unique.Handle();
        await Api.PostAsync("/auth/register", new { email = Unique.Email(), password = Accounts.Password, username = handle });

        var second = await Api.PostAsync(
            "/auth/register", new { email = Unique.Email(), password = Accounts.Password, username = handle.ToUpperInvariant() });

        second.AssertDetail(400, "Username already taken");
    }

    [Test]
    public async Task Register_WhenManyAskForOneAddressAtOnce_OpensOneAccount()
    {
        var email = Unique.Email();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            Api.PostAsync("/auth/register", new { email, password = Accounts.Password })));

        Assert.That(answers.Count(answer => answer.Status is HttpStatusCode.OK), Is.EqualTo(1));
        Assert.That(answers.Where(answer => answer.Status is not HttpStatusCode.OK).Select(answer => (int)answer.Status), Is.All.EqualTo(400));
    }

    [TestCase("""{"password":"a-long-password-1"}""", "email: must be an e-mail address")]
    [TestCase("""{"email":7,"password":"a-long-password-1"}""", "email: must be an e-mail address")]
    [TestCase("""{"email":"nobody","password":"a-long-password-1"}""", "email: must be an e-mail address")]
    [TestCase("""{"email":"a@example.com"}""", "password: must be a string of 8 to 256 characters")]
    [TestCase("""{"email":"a@example.com","password":"short"}""", "password: must be a string of 8 to 256 characters")]
    [TestCase("""{"email":"a@example.com","password":["a-long-password-1"]}""", "password: must be a string of 8 to 256 characters")]
    [TestCase("""{"email":"a@example.com","password":"a-long-password-1","username":"a b"}""", "username: must be 3 to 30 letters, digits and underscores")]
    [TestCase("""{"email":"a@example.com","password":"a-long-password-1","full_name":"a\u202Eb"}""", "full_name: must be a string of 1 to 100 characters without control characters")]
    [TestCase("""{"email":"a@example.com","password":"a-long-password-1","full_name":"a\u200Bb"}""", "full_name: must be a string of 1 to 100 characters without control characters")]
    [TestCase("""{"email":"a@example.com","email":"b@example.com","password":"a-long-password-1"}""", "email: must be an e-mail address")]
    [TestCase("not json", "email: must be an e-mail address")]
    public async Task Register_WhenAFieldIsWrong_NamesIt(string body, string detail) =>
        (await Api.PostAsync("/auth/register", body)).AssertDetail(422, detail);

    [Test]
    public async Task Register_WhenANameHasAMegabyte_IsRefused()
    {
        var answer = await Api.PostAsync("/auth/register", new { email = Unique.Email(), password = Accounts.Password, full_name = new string('n', 1_000_000) });

        answer.AssertDetail(422, "full_name: must be a string of 1 to 100 characters without control characters");
    }
}
