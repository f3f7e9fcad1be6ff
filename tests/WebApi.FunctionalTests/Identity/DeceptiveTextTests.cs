using System.Net;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

/// <summary>Names and addresses that look like others, hide something, or are no end long, on each surface that takes them.</summary>
public sealed class DeceptiveTextTests(DatabaseProvider database) : PlatformTests(database)
{
    private const string NoLine = "name: must be a string of 1 to 100 characters without control characters";

    private static readonly string[] Names =
    [
        "a\u202Eb", "a\u200Bb", "\uFEFFa", "a\u2066b", "a\u0000b", "a\nb", "\u200B", " ", string.Empty, new string('n', 101), new string('n', 1_000_000),
    ];

    private static readonly string[] Addresses =
        ["a\u200Bb@example.com", "\u202Ea@example.com", "a\u00ADb@example.com", "a@exam\uFEFFple.com", "a b@example.com"];

    [TestCaseSource(nameof(Names))]
    public async Task Name_ThatDeceivesOrIsTooLong_NamesNoTokenAndNoTeam(string name)
    {
        var member = await Api.MemberAsync();

        var token = await Api.AsAsync(member.Session, HttpMethod.Post, "/auth/token", new { name });
        var team = await Api.AsAsync(member.Session, HttpMethod.Post, "/teams", new { name, admin_email = Unique.Email() });
        var key = await Api.AsAsync(member.Session, HttpMethod.Post, "/api/keys", new { name });
        var profile = await Api.AsAsync(member.Session, HttpMethod.Put, "/users/me", new { full_name = name });

        token.AssertDetail(422, NoLine);
        team.AssertDetail(422, NoLine);
        Assert.That(key.Status, Is.EqualTo(HttpStatusCode.UnprocessableEntity), key.Text);

        // In the profile a blank name is none.
        Assert.That(profile.Status, Is.EqualTo(string.IsNullOrWhiteSpace(name) ? HttpStatusCode.OK : HttpStatusCode.UnprocessableEntity), profile.Text);
        Assert.That((await Api.AsAsync(member.Session, HttpMethod.Get, "/auth/token")).Text, Is.EqualTo("[]"));
        Assert.That((await Api.AsAsync(member.Session, HttpMethod.Get, "/api/keys")).Text, Does.Not.Contain("key_preview"));
    }

    [Test]
    public async Task Name_ThatHidesSomething_IsShownWithoutItWhereNamesAreCleaned()
    {
        var name = People.NewName();

        var registered = await Api.PostAsync("/api/v1/auth/register", People.Registration(name, new { name = "\u202EJohn\u200B <i>Doe</i>" }));
        var session = await Api.LoginAsync("/api/v1/auth/login", new { email = $"{name}@example.com", password = People.Password });
        var tooLong = await Api.PostAsync("/api/v1/auth/register", People.Registration(People.NewName(), new { name = new string('n', 1_000_000) }));

        Assert.That(registered.Status, Is.EqualTo(HttpStatusCode.Created), registered.Text);
        Assert.That((await Api.BearerAsync(HttpMethod.Get, "/api/v1/auth/profile", session))["name"]!.GetValue<string>(), Is.EqualTo("John Doe"));
        tooLong.AssertFault("body.name", "value_error", "Input should be a string of 1 to 100 characters");
    }

    [TestCaseSource(nameof(Addresses))]
    public async Task Address_ThatHidesSomething_IsNoAddressOnAnySurface(string email)
    {
        var member = await Api.MemberAsync();

        (await Api.PostAsync("/auth/register", new { email, password = Accounts.Password })).AssertDetail(422, "email: must be an e-mail address");
        (await Api.PostAsync("/auth/validate-email", new { email })).AssertDetail(400, "Invalid email format");
        (await Api.AsAsync(TestPlatform.AdminKey, HttpMethod.Post, "/users", new { email })).AssertDetail(422, "email: must be an e-mail address");
        (await Api.AsAsync(member.Session, HttpMethod.Put, "/auth/me/update", new { email, current_password = Accounts.Password }))
            .AssertDetail(422, "email: must be an e-mail address");
        (await Api.AdministerAsync("/admin/create-user", ("user_name", "n"), ("user_email", email))).AssertBadRequest("Invalid email format");
        Assert.That(
            (await Api.PostAsync("/api/v1/auth/register", People.Registration(People.NewName(), new { email }))).Status,
            Is.EqualTo(HttpStatusCode.UnprocessableEntity));
    }

    [TestCase(0xFFFE)]
    [TestCase(0xFFFF)]
    public Task Address_WithWhatIsNoCharacter_IsNoAddressOnAnySurface(int code) =>
        Address_ThatHidesSomething_IsNoAddressOnAnySurface($"a{(char)code}b@example.com");

    [TestCase(0xFFFE)]
    [TestCase(0xFFFF)]
    public async Task Address_WithWhatIsNoCharacter_IsNobodys(int code)
    {
        var email = $"a{(char)code}b@example.com";
        foreach (var path in new[] { "/auth/login", "/api/v1/auth/login" })
        {
            (await Api.PostAsync(path, new { email, password = Accounts.Password })).AssertDetail(401, "Incorrect email or password");
        }

        foreach (var path in new[] { "/api/v1/admin/login", "/api/v1/staff/login" })
        {
            (await Api.PostAsync(path, new { username = email, password = Accounts.Password })).AssertDetail(401, "Incorrect username or password");
        }

        (await Api.PostAsync("/auth/sign-in", new { username = email, verification_code = "123456" }))
            .AssertDetail(401, "Incorrect email or verification code");
        var text = Uri.EscapeDataString(email);
        (await Api.GetAsync($"/api/v1/admin/users/{text}", TestPlatform.AdminKey)).AssertDetail(404, "User not found");
        foreach (var path in new[] { $"/users/search?email={text}", $"/teams?filter={text}" })
        {
            var found = await Api.GetAsync(path, TestPlatform.AdminKey);
            Assert.That((found.Status, found.Text), Is.EqualTo((HttpStatusCode.OK, "[]")));
        }
    }

    [Test]
    public async Task Address_ThatLooksLikeOneThatIsTaken_IsThatOneOnEverySurface()
    {
        var member = await Api.MemberAsync();

        foreach (var email in new[] { member.Email.ToUpperInvariant(), $"  {member.Email} ", member.Email.Replace("example", "\uFF45xample", StringComparison.Ordinal) })
        {
            (await Api.PostAsync("/auth/register", new { email, password = Accounts.Password })).AssertDetail(400, "Email already registered");
            (await Api.AsAsync(TestPlatform.AdminKey, HttpMethod.Post, "/users", new { email })).AssertDetail(400, "Email already registered");
            (await Api.PostAsync("/api/v1/auth/register", People.Registration(People.NewName(), new { email }))).AssertDetail(400, "Email already registered");
            Assert.That(
                (await Api.AdministerAsync("/admin/create-user", ("user_name", "n"), ("user_email", email))).Status, Is.EqualTo(HttpStatusCode.Conflict));
            Assert.That(await Api.SignInAsync(email), Is.Not.Empty);
        }
    }
}
