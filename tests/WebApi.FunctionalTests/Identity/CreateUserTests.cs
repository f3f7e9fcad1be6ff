using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Domain.Identity;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

public sealed class CreateUserTests(DatabaseProvider database) : PlatformTests(database)
{
    private const string Path = "/admin/create-user";

    [Test]
    public async Task CreateUser_WhenOnlyTheRequiredFieldsAreSent_OpensAnActiveDeveloper()
    {
        var email = Email();

        var answer = await CreateAsync(("user_name", "Thandi"), ("user_email", email));

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Created), answer.Text);
        Assert.That(answer.Json.AsObject().Select(member => member.Key), Is.EqualTo(new[] { "message", "user_id", "api_key" }));
        Assert.That(answer["message"]!.GetValue<string>(), Is.EqualTo("User created successfully"));
        Assert.That(answer["api_key"]!.GetValue<string>(), Does.Match("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"));
        Assert.That(answer.Headers.CacheControl!.NoStore, Is.True);
        var user = await UserAsync(answer["user_id"]!.GetValue<Guid>());
        Assert.That((user.UserName, user.Email, user.Tier, user.Active), Is.EqualTo(("Thandi", email, 1, true)));
        Assert.That((user.CommonName, user.Comment), Is.EqualTo(((string?)null, (string?)null)));
    }

    [Test]
    public async Task CreateUser_WhenEveryFieldIsSent_KeepsThem()
    {
        var answer = await CreateAsync(
            ("user_name", new string('n', 100)),
            ("user_email", Email()),
            ("common_name", "Thandi 🌍"),
            ("scope", 5),
            ("active", false),
            ("comment", "Trial until May"));

        var user = await UserAsync(answer["user_id"]!.GetValue<Guid>());
        Assert.That((user.CommonName, user.Tier, user.Active, user.Comment), Is.EqualTo(("Thandi 🌍", 5, false, "Trial until May")));
    }

    [Test]
    public async Task CreateUser_WhenOptionalFieldsAreNull_TakesTheDefaults()
    {
        var answer = await CreateAsync(
            ("user_name", "Thandi"), ("user_email", Email()), ("common_name", null), ("scope", null), ("active", null), ("comment", null));

        var user = await UserAsync(answer["user_id"]!.GetValue<Guid>());
        Assert.That((user.Tier, user.Active), Is.EqualTo((1, true)));
    }

    [Test]
    public async Task CreateUser_WhenItIsInactive_RefusesItsKeyFromTheStart()
    {
        var answer = await CreateAsync(("user_name", "Thandi"), ("user_email", Email()), ("active", false));

        (await Api.GetAsync("/get-token", answer["api_key"]!.GetValue<string>())).AssertUnauthenticated("Invalid API Key");
    }

    [Test]
    public async Task CreateUser_WhenTheAddressIsTakenInAnotherSpelling_IsAConflict()
    {
        var email = Email();
        await CreateAsync(("user_name", "Thandi"), ("user_email", email));

        var answer = await CreateAsync(("user_name", "Other"), ("user_email", $"  {email.ToUpperInvariant()} "));

        answer.AssertRefused(HttpStatusCode.Conflict, "Conflict", "A user with this email already exists");
    }

    [Test]
    public async Task CreateUser_WhenManyAskForOneAddressAtOnce_OpensOneAccount()
    {
        var email = Email();
        var token = await Api.TokenAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            CreateAsync(("token", token), ("user_name", "Thandi"), ("user_email", email))));

        Assert.That(answers.Count(answer => answer.Status is HttpStatusCode.Created), Is.EqualTo(1));
        Assert.That(answers.Count(answer => answer.Status is HttpStatusCode.Conflict), Is.EqualTo(7));
    }

    [TestCase("\"no-at-sign\"")]
    [TestCase("\"@example.com\"")]
    [TestCase("\"name@\"")]
    [TestCase("\"two words@example.com\"")]
    [TestCase("\"a\\u0007@example.com\"")]
    [TestCase("17")]
    [TestCase("[\"a@example.com\"]")]
    [TestCase("\"a\\u0000@example.com\"")]
    [TestCase("\"\\ud800@example.com\"")]
    [TestCase("\"\\uffff\"")]
    public async Task CreateUser_WhenTheAddressIsNone_IsRefused(string email)
    {
        var answer = await SendAsync("\"Thandi\"", email);

        // A text that cannot be kept and a value of another type are no address at all.
        Assert.That(
            answer["message"]!.GetValue<string>(),
            Is.EqualTo("Invalid email format").Or.EqualTo("Missing required fields: user_email"));
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task CreateUser_WhenTheAddressIsTooLong_IsRefused() =>
        (await CreateAsync(("user_name", "Thandi"), ("user_email", $"{new string('a', 250)}@b.com"))).AssertBadRequest("Invalid email format");

    [TestCase("0")]
    [TestCase("6")]
    [TestCase("-1")]
    [TestCase("1.5")]
    [TestCase("\"2\"")]
    [TestCase("true")]
    [TestCase("99999999999999999999")]
    [TestCase("{}")]
    public async Task CreateUser_WhenTheScopeIsNone_IsRefused(string scope) =>
        (await SendAsync("\"Thandi\"", $"\"{Email()}\"", $", \"scope\": {scope}")).AssertBadRequest("Scope must be between 1 and 5");

    [TestCase("\"active\": \"false\"", "active must be true or false")]
    [TestCase("\"active\": 1", "active must be true or false")]
    [TestCase("\"common_name\": 5", "common_name must be a string of at most 100 characters")]
    [TestCase("\"comment\": []", "comment must be a string of at most 4000 characters")]
    public async Task CreateUser_WhenAFieldIsOfAnotherType_IsRefused(string field, string message) =>
        (await SendAsync("\"Thandi\"", $"\"{Email()}\"", $", {field}")).AssertBadRequest(message);

    [TestCase("user_name", 101, "user_name must be a string of at most 100 characters")]
    [TestCase("common_name", 101, "common_name must be a string of at most 100 characters")]
    [TestCase("comment", 4001, "comment must be a string of at most 4000 characters")]
    public async Task CreateUser_WhenATextIsTooLong_IsRefused(string field, int length, string message)
    {
        var fields = new Dictionary<string, JsonNode?> { ["user_name"] = "Thandi", ["user_email"] = Email(), [field] = new string('x', length) };

        var answer = await CreateAsync([.. fields.Select(pair => (pair.Key, pair.Value))]);

        answer.AssertBadRequest(message);
    }

    [Test]
    public async Task CreateUser_WhenRequiredFieldsAreAbsent_NamesThemInOrder() =>
        (await CreateAsync(("scope", 1))).AssertBadRequest("Missing required fields: user_name, user_email");

    [TestCase("null")]
    [TestCase("\" \"")]
    [TestCase("42")]
    [TestCase("\"\\u0000\"")]
    [TestCase("\"\\udfff\"")]
    public async Task CreateUser_WhenTheNameIsNone_CallsItMissing(string name) =>
        (await SendAsync(name, $"\"{Email()}\"")).AssertBadRequest("Missing required fields: user_name");

    [TestCase("{\"user_name\": \"x\"}")]
    [TestCase("{\"token\": \"\", \"user_name\": \"x\"}")]
    [TestCase("{\"token\": null}")]
    [TestCase("{\"token\": 5}")]
    public async Task CreateUser_WhenNoTokenIsSent_AsksForItBeforeAnyField(string body) =>
        (await Api.PostAsync(Path, body, TestPlatform.AdminKey)).AssertBadRequest("Valid token is required in the request body");

    [Test]
    public async Task CreateUser_WhenItAnswers_KeepsNoBodyInTheAuditTrail()
    {
        var answer = await CreateAsync(("user_name", "Thandi"), ("user_email", Email()));

        var record = await Platform.AuditRecordAsync(answer.RequestId());
        Assert.That((record.RequestBody, record.ResponseBody), Is.EqualTo(((string?)null, (string?)null)));
        Assert.That(record.Status, Is.EqualTo(201));
        Assert.That(record.TokenId, Is.Not.Null);
    }

    private static string Email() => $"{Unique.Id():N}@example.com";

    private Task<Answer> CreateAsync(params (string Name, JsonNode? Value)[] fields) => Api.AdministerAsync(Path, fields);

    private async Task<Answer> SendAsync(string name, string email, string more = "") => await Api.PostAsync(
        Path,
        $$"""{"token": "{{await Api.TokenAsync()}}", "user_name": {{name}}, "user_email": {{email}}{{more}}}""",
        TestPlatform.AdminKey);

    private Task<User> UserAsync(Guid id) => Platform.QueryAsync(db => db.Set<User>().SingleAsync(user => user.Id == id));
}
