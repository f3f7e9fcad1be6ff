using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

public sealed class GetTokenDetailsTests(DatabaseProvider database) : PlatformTests(database)
{
    [Test]
    public async Task GetTokenDetails_WhenTheTokenIsOnesOwn_ShowsIt()
    {
        var person = await Api.UserAsync(tier: 4);

        var answer = await Api.GetAsync($"/get-token-details?token={person.Token}", person.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(
            answer.Json.AsObject().Select(member => member.Key),
            Is.EqualTo(new[] { "token_status", "user_id", "token_scope", "token_expiration_time" }));
        Assert.That(answer["token_status"]!.GetValue<string>(), Is.EqualTo("valid"));
        Assert.That(answer["user_id"]!.GetValue<string>(), Is.EqualTo(person.Id.ToString()));
        Assert.That(answer["token_scope"]!.GetValue<int>(), Is.EqualTo(4));
        Assert.That(answer["token_expiration_time"]!.GetValue<string>(), Does.Match(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d SAST\+0200$"));
        Assert.That(answer.Headers.CacheControl!.NoStore, Is.True);
    }

    [Test]
    public async Task GetTokenDetails_WhenTheTokenComesAsAHeader_ShowsItToo()
    {
        var person = await Api.UserAsync();

        var answer = await Api.GetAsync("/get-token-details", person.ApiKey, person.Token);

        Assert.That(answer["token_status"]!.GetValue<string>(), Is.EqualTo("valid"));
    }

    [Test]
    public async Task GetTokenDetails_WhenHeaderAndQueryAgree_ShowsTheToken()
    {
        var person = await Api.UserAsync();

        var answer = await Api.GetAsync($"/get-token-details?token={person.Token}", person.ApiKey, person.Token);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task GetTokenDetails_WhenHeaderAndQueryDiffer_FindsNothing()
    {
        var person = await Api.UserAsync();

        var answer = await Api.GetAsync($"/get-token-details?token={person.Token}", person.ApiKey, "another");

        answer.AssertRefused(HttpStatusCode.NotFound, "Not Found", "Token details not found");
    }

    [Test]
    public async Task GetTokenDetails_WhenTheKeyComesAsBearer_DoesNotTakeItForTheToken()
    {
        var person = await Api.UserAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/get-token-details?token={person.Token}");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {person.ApiKey}");

        var answer = await Api.SendAsync(request);

        Assert.That(answer["token_status"]!.GetValue<string>(), Is.EqualTo("valid"));
    }

    [Test]
    public async Task GetTokenDetails_WhenAnAdministratorAsks_ShowsAnybodysToken()
    {
        var person = await Api.UserAsync(tier: 2);

        var answer = await Api.GetAsync($"/get-token-details?token={person.Token}", TestPlatform.AdminKey);

        Assert.That(answer["user_id"]!.GetValue<string>(), Is.EqualTo(person.Id.ToString()));
        Assert.That(answer["token_scope"]!.GetValue<int>(), Is.EqualTo(2));
    }

    [Test]
    public async Task GetTokenDetails_WhenTheTokenIsRevoked_CallsItInvalid()
    {
        var person = await Api.UserAsync();
        await Api.AdministerAsync("/admin/revoke-tokens", ("user_id", person.Id.ToString()));

        var answer = await Api.GetAsync($"/get-token-details?token={person.Token}", person.ApiKey);

        Assert.That(answer["token_status"]!.GetValue<string>(), Is.EqualTo("invalid"));
    }

    [Test]
    public async Task GetTokenDetails_WhenTheOwnerIsInactive_CallsItInvalid()
    {
        var person = await Api.UserAsync();
        await Api.UpdateUserAsync(person.Id, ("active", false));

        var answer = await Api.GetAsync($"/get-token-details?token={person.Token}", TestPlatform.AdminKey);

        Assert.That(answer["token_status"]!.GetValue<string>(), Is.EqualTo("invalid"));
    }

    [Test]
    public async Task GetTokenDetails_WhenTheOwnersTierChanged_ShowsTheTierOfTheTimeOfIssue()
    {
        var person = await Api.UserAsync(tier: 2);
        await Api.UpdateUserAsync(person.Id, ("scope", 5));

        var answer = await Api.GetAsync($"/get-token-details?token={person.Token}", person.ApiKey);

        Assert.That(answer["token_scope"]!.GetValue<int>(), Is.EqualTo(2));
    }

    [Test]
    public async Task GetTokenDetails_WhenTheTokenIsAnotherPersons_FindsNothing()
    {
        var person = await Api.UserAsync();
        var other = await Api.UserAsync();

        var answer = await Api.GetAsync($"/get-token-details?token={other.Token}", person.ApiKey);

        answer.AssertRefused(HttpStatusCode.NotFound, "Not Found", "Token details not found");
    }

    [TestCase("unknown")]
    [TestCase("%00")]
    [TestCase("%FF%FE")]
    [TestCase("%ED%A0%80")]
    public async Task GetTokenDetails_WhenTheTokenIsUnknown_FindsNothing(string token) =>
        (await Api.GetAsync($"/get-token-details?token={token}", TestPlatform.AdminKey))
            .AssertRefused(HttpStatusCode.NotFound, "Not Found", "Token details not found");

    [Test]
    public async Task GetTokenDetails_WhenTheTokenIsHuge_FindsNothing() =>
        (await Api.GetAsync("/get-token-details", TestPlatform.AdminKey, new string('a', 20_000)))
            .AssertRefused(HttpStatusCode.NotFound, "Not Found", "Token details not found");

    [TestCase("/get-token-details")]
    [TestCase("/get-token-details?token=")]
    public async Task GetTokenDetails_WhenNoTokenIsNamed_IsRefused(string path) =>
        (await Api.GetAsync(path, TestPlatform.AdminKey)).AssertBadRequest("Missing token parameter");

    [Test]
    public async Task GetTokenDetails_WhenNoKeyIsSent_AsksForItFirst() =>
        (await Api.GetAsync("/get-token-details")).AssertUnauthenticated("Missing API Key header (API-Key)");

    [Test]
    public async Task GetTokenDetails_WhenTheKeyIsWrong_RefusesItFirst() =>
        (await Api.GetAsync("/get-token-details", "wrong")).AssertUnauthenticated("Invalid API Key");

    [Test]
    public async Task GetTokenDetails_WhenItAnswers_LeavesTheTokenOutOfTheAuditTrail()
    {
        var person = await Api.UserAsync();

        var answer = await Api.GetAsync($"/get-token-details?token={person.Token}", person.ApiKey);

        var record = await Platform.AuditRecordAsync(answer.RequestId());
        Assert.That(record.Path, Is.EqualTo("/get-token-details"));
        Assert.That(record.TokenId, Is.Not.Null);
        Assert.That(record.UserId, Is.EqualTo(person.Id));
        Assert.That(JsonNode.Parse(record.ResponseBody!)!["status"], Is.Not.Null);
    }
}
