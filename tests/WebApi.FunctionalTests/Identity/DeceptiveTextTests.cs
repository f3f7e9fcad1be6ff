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
