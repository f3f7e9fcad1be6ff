using System.Net;
using System.Text.Json;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Operations;

public sealed class AuditSecretsTests(DatabaseProvider database) : PlatformTests(database)
{
    [Test]
    public async Task GetToken_WhenItSucceeds_KeepsNeitherBody()
    {
        var record = await RecordOfAsync(await Api.GetAsync("/get-token", TestPlatform.AdminKey));

        Assert.That((record.Status, record.RequestBody, record.ResponseBody), Is.EqualTo((200, (string?)null, (string?)null)));
    }

    [Test]
    public async Task CreateUser_WhenItSucceeds_KeepsNeitherBody()
    {
        var answer = await Api.PostAsync(
            "/admin/create-user",
            new { token = await Api.TokenAsync(), user_name = "Kept out", user_email = $"{Unique.Id():N}@example.com" },
            TestPlatform.AdminKey);

        var record = await RecordOfAsync(answer);
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Created), answer.Text);
        Assert.That((record.Status, record.RequestBody, record.ResponseBody), Is.EqualTo((201, (string?)null, (string?)null)));
    }

    [Test]
    public async Task Call_WhenItCarriesSecretsInEveryPlace_KeepsNoneOfThem()
    {
        var token = await Api.TokenAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/admin/update-balance?token={token}&api_key=in-the-query-123");
        request.Headers.Add("API-Key", TestPlatform.AdminKey);
        request.Headers.Add("X-Token", token);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer in-authorization-123");
        request.Headers.Add("Cookie", "session=in-a-cookie-123");
        request.Headers.Add("X-Anything-Else", "in-another-header-123");
        request.Headers.Add("Accept-Language", "en");
        request.Content = new StringContent(
            "{\"user_id\":\"x\",\"new_balance\":1,\"password\":\"in-the-body-123\",\"a\":[{\"b\":{\"apiKey\":\"deep-in-the-body-123\"}}]}");

        var record = await RecordOfAsync(await Api.SendAsync(request));

        var kept = JsonSerializer.Serialize(record);
        Assert.That(kept, Does.Not.Contain("-123").And.Not.Contain(token).And.Not.Contain(TestPlatform.AdminKey));
        Assert.That(record.RequestBody, Does.Contain(Application.Shared.AuditText.Redacted));
        Assert.That(record.Path, Is.EqualTo("/admin/update-balance"));
        Assert.That(
            JsonSerializer.Deserialize<Dictionary<string, string>>(record.RequestHeaders!)!.Keys,
            Is.SubsetOf(new[] { "Accept", "Accept-Language", "Content-Length", "Content-Type", "Host", "Idempotency-Key", "Origin", "X-Correlation-ID" }));
    }

    [Test]
    public async Task Call_WhenTheTokenConfirmsTheKey_IsAttributedToBoth()
    {
        var token = await Api.TokenAsync();

        var answer = await Api.PostAsync("/admin/add-endpoint", new { token }, TestPlatform.AdminKey);

        var record = await RecordOfAsync(answer);
        Assert.That((record.UserId, record.TokenId.HasValue, record.ApiKeyId.HasValue), Is.EqualTo(((Guid?)await AdministratorAsync(), true, true)));
    }

    [Test]
    public async Task Call_WhenTheTokenIsAnotherPersons_IsAttributedToTheHolderOfTheKeyAlone()
    {
        var other = await Api.UserAsync();

        var record = await RecordOfAsync(await Api.PostAsync("/admin/add-endpoint", new { token = other.Token }, TestPlatform.AdminKey));

        Assert.That((record.Status, record.UserId, record.TokenId), Is.EqualTo((401, (Guid?)await AdministratorAsync(), (Guid?)null)));
    }

    [Test]
    public async Task Call_WhenATokenIsTheCredential_IsAttributedToItsOwnerWithoutAKey()
    {
        var person = await Api.UserAsync();

        var record = await RecordOfAsync(await Api.PostAsync("/llm/gpt-4o", new { }, TestPlatform.AdminKey, person.Token));

        Assert.That((record.UserId, record.TokenId.HasValue, record.ApiKeyId), Is.EqualTo(((Guid?)person.Id, true, (Guid?)null)));
    }

    [Test]
    public async Task Call_WhenTheKeyIsUnknown_IsAttributedToNobody()
    {
        var record = await RecordOfAsync(await Api.GetAsync("/check-balance", Guid.Empty.ToString()));

        Assert.That((record.Status, record.UserId, record.ApiKeyId), Is.EqualTo((401, (Guid?)null, (Guid?)null)));
        Assert.That(record.Error, Is.EqualTo("api_key_invalid: Invalid API Key"));
    }

    private async Task<Guid> AdministratorAsync() =>
        (await Api.GetAsync("/check-balance", TestPlatform.AdminKey))["user_id"]!.GetValue<Guid>();

    private Task<AuditRecord> RecordOfAsync(Answer answer)
    {
        var requestId = answer.RequestId();
        return Platform.QueryAsync(db => db.Set<AuditRecord>().AsNoTracking().SingleAsync(record => record.Id == requestId));
    }
}
