using System.Net;
using System.Security.Cryptography;
using System.Text;
using AiPlatform.Domain.Identity;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

public sealed class PersonTests(DatabaseProvider database) : PlatformTests(database)
{
    private const string Unauthenticated = "Invalid authentication credentials";

    [Test]
    public async Task Workflow_AsDocumented_RegistersSignsInReadsTheKeyAndVerifiesIt()
    {
        var name = People.NewName();
        var registered = await Api.PostAsync("/api/v1/auth/register", People.Registration(name));
        var session = await Api.LoginAsync("/api/v1/auth/login", new { email = $"{name}@example.com", password = People.Password });
        var key = await Api.BearerAsync(HttpMethod.Get, "/api/v1/auth/api-key", session);
        var verified = await Api.VerifyAsync(key["api_key"]!.GetValue<string>());

        Assert.That(registered["message"]!.GetValue<string>(), Is.EqualTo("User registered successfully"));
        Assert.That(registered["user_id"]!.GetValue<string>(), Does.Match("^[0-9]+$"));
        Assert.That(registered["username"]!.GetValue<string>(), Is.EqualTo(name));
        Assert.That(key["key"]!.GetValue<string>(), Does.StartWith("gAAAA"));
        Assert.That(key["api_key"]!.GetValue<string>(), Is.EqualTo(registered["api_key"]!.GetValue<string>()).And.Match("^pe-[A-Za-z0-9]{32}$"));
        Assert.That(verified.Status, Is.EqualTo(HttpStatusCode.OK), verified.Text);
        Assert.That(
            (verified["valid"]!.GetValue<bool>(), verified["username"]!.GetValue<string>(), verified["remaining_conversations"]!.GetValue<long>()),
            Is.EqualTo((true, name, 9L)));
    }

    [Test]
    public async Task EncryptedKey_SentAsItIsShown_IsTheKeyUntilThatIsReplaced()
    {
        var person = await Api.RegisterAsync();
        var shown = (await Api.BearerAsync(HttpMethod.Get, "/api/v1/auth/api-key", person.Session))["key"]!.GetValue<string>();
        var tampered = shown[..60] + (shown[60] == 'A' ? 'B' : 'A') + shown[61..];

        var verified = await Api.VerifyAsync(shown);
        var forged = await Api.VerifyAsync(tampered);
        await Api.BearerAsync(HttpMethod.Post, "/api/v1/auth/regenerate-key", person.Session);
        var replaced = await Api.VerifyAsync(shown);

        Assert.That((verified.Status, verified["username"]!.GetValue<string>()), Is.EqualTo((HttpStatusCode.OK, person.Username)));
        forged.AssertDetail(HttpStatusCode.Unauthorized, "Invalid API key");
        replaced.AssertDetail(HttpStatusCode.Unauthorized, "Invalid API key");
    }

    [TestCase("password", "short1", "value_error", "Password must be at least 8 characters long")]
    [TestCase("password", "long-enough-password", "value_error", "Password must contain at least 1 number")]
    [TestCase("confirm_password", "another-password-1", "value_error", "Passwords do not match")]
    [TestCase("username", "ab", "value_error", "Username must be between 3 and 30 characters")]
    [TestCase("username", "robert'); DROP", "value_error", "Username can only contain letters, numbers, and underscores")]
    [TestCase("name", "<script></script>", "value_error", "Input should be a string of 1 to 100 characters")]
    [TestCase("email", "nobody", "value_error", "Input should be an e-mail address")]
    [TestCase("type", "Robot", "literal_error", "Input should be 'Personal' or 'Business'")]
    [TestCase("about_me", 7, "string_type", "Input should be a valid string")]
    [TestCase("password", null, "string_type", "Input should be a valid string")]
    public async Task Register_WithAWrongField_SaysWhichInTheSeedsWords(string field, object? value, string type, string words)
    {
        var answer = await Api.PostAsync(
            "/api/v1/auth/register", People.Registration(People.NewName(), new Dictionary<string, object?> { [field] = value }));

        answer.AssertFault($"body.{field}", type, words);
    }

    [Test]
    public async Task Register_WithATakenNameOrAddress_SaysWhich()
    {
        var person = await Api.RegisterAsync();

        var name = await Api.PostAsync(
            "/api/v1/auth/register", People.Registration(person.Username.ToUpperInvariant(), new { email = $"{People.NewName()}@example.com" }));
        var address = await Api.PostAsync("/api/v1/auth/register", People.Registration(People.NewName(), new { email = person.Email }));

        name.AssertDetail(HttpStatusCode.BadRequest, "Username already taken");
        address.AssertDetail(HttpStatusCode.BadRequest, "Email already registered");
    }

    [Test]
    public async Task Login_WithAnotherPasswordOrAnUnknownAddress_AnswersTheSame()
    {
        var person = await Api.RegisterAsync();

        var wrong = await Api.PostAsync("/api/v1/auth/login", new { email = person.Email, password = "another-1" });
        var unknown = await Api.PostAsync("/api/v1/auth/login", new { email = $"{People.NewName()}@example.com", password = "another-1" });
        var empty = await Api.PostAsync("/api/v1/auth/login", new { email = person.Email });

        wrong.AssertDetail(HttpStatusCode.Unauthorized, "Incorrect email or password");
        unknown.AssertDetail(HttpStatusCode.Unauthorized, "Incorrect email or password");
        empty.AssertFault("body.password", "missing", "Field required");
    }

    [Test]
    public async Task Profile_OfANewPerson_HasTheDocumentedDefaults()
    {
        var person = await Api.RegisterAsync();

        var profile = await Api.BearerAsync(HttpMethod.Get, "/api/v1/auth/profile", person.Session);

        var shown = profile.Json.AsObject();
        shown.Remove("time_created");
        Assert.That(
            shown.ToJsonString(),
            Is.EqualTo($$"""
                {"username":"{{person.Username}}","name":"John Doe","email":"{{person.Email}}","about_me":"","hobbies":"","type":"Personal","subscription_plan":"free","credits":{"main":5,"reset":5},"limits":{"conversation_limit":10,"reset":10},"access_rtype":["bpe","tot"],"level":"basic","additional_notes":""}
                """.Trim()));
    }

    [Test]
    public async Task Profile_WhenItChanges_IsCleanedAndKeepsWhatIsNotThePersonsToSet()
    {
        var person = await Api.RegisterAsync();

        var changed = await Api.BearerAsync(
            HttpMethod.Put,
            "/api/v1/auth/profile",
            person.Session,
            new { name = "John <b>Smith</b>", about_me = "<script>alert(1)</script>Updated <img src=x", subscription_plan = "premium", tier = 0 });
        var nothing = await Api.BearerAsync(HttpMethod.Put, "/api/v1/auth/profile", person.Session, new { email = "other@example.com" });
        var tooLong = await Api.BearerAsync(HttpMethod.Put, "/api/v1/auth/profile", person.Session, new { hobbies = new string('x', 501) });
        var profile = await Api.BearerAsync(HttpMethod.Get, "/api/v1/auth/profile", person.Session);

        changed.AssertMessage("Profile updated successfully");
        nothing.AssertDetail(HttpStatusCode.BadRequest, "No valid fields to update");
        tooLong.AssertFault("body.hobbies", "value_error", "Input should be a string of at most 500 characters");
        Assert.That(
            (profile["name"]!.GetValue<string>(), profile["about_me"]!.GetValue<string>(), profile["subscription_plan"]!.GetValue<string>(), profile["email"]!.GetValue<string>()),
            Is.EqualTo(("John Smith", "alert(1)Updated img src=x", "free", person.Email)));
    }

    [Test]
    public async Task Password_WhenItChanges_EndsOtherSessions()
    {
        var person = await Api.RegisterAsync();
        var other = await Api.LoginAsync("/api/v1/auth/login", new { email = person.Email, password = People.Password });

        var wrong = await ChangeAsync("not-the-password1", "another-password-2", "another-password-2");
        var differs = await ChangeAsync(People.Password, "another-password-2", "another-password-3");
        var changed = await ChangeAsync(People.Password, "another-password-2", "another-password-2");
        var ended = await Api.BearerAsync(HttpMethod.Get, "/api/v1/auth/profile", other);
        var own = await Api.BearerAsync(HttpMethod.Get, "/api/v1/auth/profile", person.Session);
        await Api.LoginAsync("/api/v1/auth/login", new { email = person.Email, password = "another-password-2" });

        wrong.AssertDetail(HttpStatusCode.BadRequest, "Current password is incorrect");
        differs.AssertFault("body.confirm_new_password", "value_error", "Passwords do not match");
        changed.AssertMessage("Password updated successfully");
        ended.AssertDetail(HttpStatusCode.Unauthorized, Unauthenticated);
        Assert.That(own.Status, Is.EqualTo(HttpStatusCode.OK));

        Task<Answer> ChangeAsync(string current, string next, string again) => Api.BearerAsync(
            HttpMethod.Put,
            "/api/v1/auth/password",
            person.Session,
            new { current_password = current, new_password = next, confirm_new_password = again });
    }

    [Test]
    public async Task Account_WhenItsOwnerDeletesIt_LeavesABackupAndFreesItsNames()
    {
        var person = await Api.RegisterAsync();

        var deleted = await Api.BearerAsync(HttpMethod.Delete, "/api/v1/auth/account", person.Session);
        var key = await Api.VerifyAsync(person.ApiKey);
        var again = await Api.PostAsync("/api/v1/auth/register", People.Registration(person.Username));
        var backup = await Platform.QueryAsync(db => db.Set<UserBackup>().SingleAsync(row => row.Email == person.Email));

        deleted.AssertMessage("Account deleted successfully");
        key.AssertDetail(HttpStatusCode.Unauthorized, "Invalid API key");
        Assert.That(again.Status, Is.EqualTo(HttpStatusCode.Created), again.Text);
        Assert.That(backup.Username, Is.EqualTo(person.Username));
        Assert.That(backup.Row, Does.Contain("John Doe").And.Not.Contain("password"));
    }

    [Test]
    public async Task Key_WhenItIsRenewed_IsRefusedAtOnce()
    {
        var person = await Api.RegisterAsync();

        var renewed = await Api.BearerAsync(HttpMethod.Post, "/api/v1/auth/regenerate-key", person.Session);
        var old = await Api.VerifyAsync(person.ApiKey);
        var current = await Api.VerifyAsync(renewed["api_key"]!.GetValue<string>());

        old.AssertDetail(HttpStatusCode.Unauthorized, "Invalid API key");
        Assert.That(current.Status, Is.EqualTo(HttpStatusCode.OK), current.Text);
        Assert.That(renewed["key"]!.GetValue<string>(), Does.StartWith("gAAAA"));
    }

    [Test]
    public async Task Key_RenewedManyTimesAtOnce_LeavesOneInForce()
    {
        var person = await Api.RegisterAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => Api.BearerAsync(HttpMethod.Post, "/api/v1/auth/regenerate-key", person.Session)));
        var inForce = await Platform.QueryAsync(db => (
            from key in db.Set<ApiKey>()
            join user in db.Set<User>() on key.UserId equals user.Id
            where user.Email == person.Email && key.Kind == ApiKeyKind.Pe && key.RevokedAt == null
            select key.Id).CountAsync());

        Assert.That(answers.Select(answer => answer.Status), Has.All.AnyOf(HttpStatusCode.OK, HttpStatusCode.Conflict));
        Assert.That(inForce, Is.EqualTo(1));
    }

    [Test]
    public async Task Key_OfSomebodyWhoHasNone_SaysHowToMakeOne()
    {
        var person = await Api.UserAsync();

        var key = await Api.BearerAsync(HttpMethod.Get, "/api/v1/auth/api-key", person.ApiKey);

        key.AssertDetail(HttpStatusCode.NotFound, "There is no API key yet. POST /api/v1/auth/regenerate-key makes one.");
    }

    [TestCase("GET", "/api/v1/auth/profile", Unauthenticated)]
    [TestCase("PUT", "/api/v1/auth/profile", Unauthenticated)]
    [TestCase("PUT", "/api/v1/auth/password", Unauthenticated)]
    [TestCase("DELETE", "/api/v1/auth/account", Unauthenticated)]
    [TestCase("GET", "/api/v1/auth/api-key", Unauthenticated)]
    [TestCase("POST", "/api/v1/auth/regenerate-key", Unauthenticated)]
    [TestCase("POST", "/api/v1/auth/verify-key", "Invalid API key")]
    [TestCase("POST", "/api/v1/auth/log-message", "Invalid API key")]
    [TestCase("GET", "/api/v1/admin/users", Unauthenticated)]
    [TestCase("POST", "/api/v1/admin/reset-limits", Unauthenticated)]
    [TestCase("GET", "/api/v1/admin/usage", Unauthenticated)]
    [TestCase("GET", "/api/v1/staff/users", Unauthenticated)]
    public async Task Route_WithoutACredentialOrWithAWrongOne_IsRefusedInTheSurfacesWords(string method, string path, string detail)
    {
        (await Api.BearerAsync(new HttpMethod(method), path, null)).AssertDetail(HttpStatusCode.Unauthorized, detail);
        (await Api.BearerAsync(new HttpMethod(method), path, $"pe-{new string('x', 32)}")).AssertDetail(HttpStatusCode.Unauthorized, detail);
    }

    [Test]
    public async Task FernetToken_UnderAConfiguredKey_OpensToTheKey()
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        await using var platform = await TestPlatform.StartAsync(Database, ("ENCRYPTION_KEY", Convert.ToBase64String(secret).Replace('+', '-').Replace('/', '_')));
        var person = await platform.Api().RegisterAsync();

        var key = await platform.Api().BearerAsync(HttpMethod.Get, "/api/v1/auth/api-key", person.Session);

        var token = Convert.FromBase64String(key["key"]!.GetValue<string>().Replace('-', '+').Replace('_', '/'));
        using var aes = Aes.Create();
        aes.Key = secret[16..];
        Assert.That(HMACSHA256.HashData(secret.AsSpan(0, 16), token.AsSpan(0, token.Length - 32)), Is.EqualTo(token[^32..]));
        Assert.That(Encoding.UTF8.GetString(aes.DecryptCbc(token.AsSpan(25, token.Length - 57), token.AsSpan(9, 16))), Is.EqualTo(person.ApiKey));
    }
}
