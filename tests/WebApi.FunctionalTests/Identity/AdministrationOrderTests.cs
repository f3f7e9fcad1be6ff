using System.Net;
using System.Text;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

/// <summary>The order in which every administrative route that takes a token checks a call, and what it makes of broken bodies.</summary>
public sealed class AdministrationOrderTests(DatabaseProvider database) : PlatformTests(database)
{
    private static readonly string[] Paths = ["/admin/create-user", "/admin/update-user", "/admin/delete-user", "/admin/revoke-tokens"];

    private static readonly string[] UnreadableBodies =
        ["", " ", "{}", "[]", "[{\"token\": \"x\"}]", "null", "\"text\"", "17", "true", "{", "{\"token\": \"x\",}", "{\"token\": \"x\"} {}",
            "{\"token\": \"x\", \"token\": \"y\"}", "<xml/>", "token=x"];

    private static readonly byte[][] BrokenBytes =
    [
        [.. "{\"token\": \""u8, 0xFF, 0xFE, .. "\"}"u8],
        [.. "{\"token\": \""u8, 0xED, 0xA0, 0x80, .. "\"}"u8],
        [0xEF, 0xBB],
        Encoding.Unicode.GetBytes("{\"token\": \"x\"}"),
    ];

    [TestCase("/admin/create-user", "Missing API Key header (API-Key)")]
    [TestCase("/admin/update-user", "Missing API Key header (API-Key)")]
    [TestCase("/admin/delete-user", "Missing API Key header (X-API-Key)")]
    [TestCase("/admin/revoke-tokens", "Missing API Key header (API-Key)")]
    public async Task Administration_WhenNoKeyIsSent_SaysSoBeforeAnythingElse(string path, string message) =>
        (await Api.PostAsync(path, "not json")).AssertUnauthenticated(message);

    [TestCaseSource(nameof(Paths))]
    public async Task Administration_WhenTheKeyIsWrong_SaysSoBeforeItLooksAtTheBody(string path) =>
        (await Api.PostAsync(path, "not json", "6f9619ff-8b86-4011-b42d-00c04fc964fe")).AssertUnauthenticated("Invalid API Key");

    [TestCase("/admin/create-user", "Admin privileges required to create users")]
    [TestCase("/admin/update-user", "Admin privileges required to update users")]
    [TestCase("/admin/delete-user", "Admin privileges required to delete users")]
    [TestCase("/admin/revoke-tokens", "Admin privileges required to revoke tokens")]
    public async Task Administration_WhenTheCallerIsNoAdministrator_SaysSoBeforeItLooksAtTheBody(string path, string message)
    {
        var person = await Api.UserAsync(tier: 5);

        (await Api.PostAsync(path, "not json", person.ApiKey)).AssertForbidden(message);
    }

    [Test]
    public async Task Administration_WhenTheBodyIsNoObject_AsksForOne([ValueSource(nameof(Paths))] string path, [ValueSource(nameof(UnreadableBodies))] string body) =>
        (await Api.PostAsync(path, body, TestPlatform.AdminKey)).AssertBadRequest("Request body is required");

    [Test]
    public async Task Administration_WhenTheBodyIsNotUtf8_AsksForOne([ValueSource(nameof(Paths))] string path, [ValueSource(nameof(BrokenBytes))] byte[] body) =>
        (await Api.PostAsync(path, body, TestPlatform.AdminKey)).AssertBadRequest("Request body is required");

    [TestCaseSource(nameof(Paths))]
    public async Task Administration_WhenThereIsNoBody_AsksForOne(string path) =>
        (await Api.PostAsync(path, apiKey: TestPlatform.AdminKey)).AssertBadRequest("Request body is required");

    [TestCaseSource(nameof(Paths))]
    public async Task Administration_WhenTheBodyIsTooLarge_IsRefused(string path) =>
        (await Api.PostAsync(path, $"{{\"token\": \"{new string('a', 10_000_000)}\"}}", TestPlatform.AdminKey))
            .AssertRefused(HttpStatusCode.RequestEntityTooLarge, "Payload Too Large", "Request body exceeds the maximum allowed size");

    [TestCase("/admin/update-user", "{\"x\": 1}", "Missing required fields: token, id")]
    [TestCase("/admin/update-user", "{\"token\": \"x\"}", "Missing required fields: id")]
    [TestCase("/admin/update-user", "{\"id\": \"x\"}", "Missing required fields: token")]
    [TestCase("/admin/update-user", "{\"token\": null, \"id\": 5}", "Missing required fields: token, id")]
    [TestCase("/admin/delete-user", "{\"x\": 1}", "Missing required fields: token, id")]
    [TestCase("/admin/delete-user", "{\"token\": \"x\"}", "Missing required fields: id")]
    [TestCase("/admin/delete-user", "{\"token\": \"x\", \"id\": [\"y\"]}", "Missing required fields: id")]
    [TestCase("/admin/revoke-tokens", "{\"x\": 1}", "Missing required fields: token, user_id")]
    [TestCase("/admin/revoke-tokens", "{\"user_id\": \"x\"}", "Missing required fields: token")]
    [TestCase("/admin/revoke-tokens", "{\"token\": \"\", \"user_id\": \"\\u0000\"}", "Missing required fields: token, user_id")]
    public async Task Administration_WhenRequiredFieldsAreAbsent_NamesThem(string path, string body, string message) =>
        (await Api.PostAsync(path, body, TestPlatform.AdminKey)).AssertBadRequest(message);

    [TestCaseSource(nameof(Paths))]
    public async Task Administration_WhenTheTokenIsUnknown_IsRefusedBeforeTheOtherFieldsAreLookedAt(string path) =>
        (await Api.AdministerAsync(path, ("token", "unknown"), ("id", "nobody"), ("user_id", "nobody")))
            .AssertUnauthenticated("Invalid token provided");

    [TestCaseSource(nameof(Paths))]
    public async Task Administration_WhenTheTokenIsHuge_IsRefused(string path) =>
        (await Api.AdministerAsync(path, ("token", new string('a', 500_000)), ("id", "nobody"), ("user_id", "nobody")))
            .AssertUnauthenticated("Invalid token provided");

    [TestCaseSource(nameof(Paths))]
    public async Task Administration_WhenTheTokenIsAnotherPersons_IsRefused(string path)
    {
        var other = await Api.AdministratorAsync();

        (await Api.AdministerAsync(path, ("token", other.Token), ("id", "nobody"), ("user_id", "nobody")))
            .AssertUnauthenticated("Invalid token provided");
    }

    [TestCaseSource(nameof(Paths))]
    public async Task Administration_WhenTheKeyStandsInForTheToken_IsRefused(string path) =>
        (await Api.AdministerAsync(path, ("token", TestPlatform.AdminKey), ("id", "nobody"), ("user_id", "nobody")))
            .AssertUnauthenticated("Invalid token provided");

    [Test]
    public async Task Administration_WhenTheTokenIsExpired_SaysSo()
    {
        await using var platform = await TestPlatform.StartAsync(Database);
        var api = platform.Api();
        var token = await api.TokenAsync();
        platform.Clock.Advance(TimeSpan.FromHours(1));

        foreach (var path in Paths)
        {
            (await api.AdministerAsync(path, ("token", token), ("id", "nobody"), ("user_id", "nobody")))
                .AssertUnauthenticated("Token has expired");
        }
    }
}
