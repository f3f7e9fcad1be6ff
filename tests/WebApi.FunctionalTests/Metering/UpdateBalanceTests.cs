using System.Net;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

public sealed class UpdateBalanceTests(DatabaseProvider database) : PlatformTests(database)
{
    [TestCase(0)]
    [TestCase(500)]
    [TestCase(int.MaxValue)]
    public async Task UpdateBalance_WhenABalanceIsGiven_SetsExactlyThat(int balance)
    {
        var person = await Api.UserAsync();

        var answer = await UpdateAsync(await Api.TokenAsync(), new { user_id = person.Id, new_balance = balance });

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(
            answer.Json.AsObject().Select(field => field.Key),
            Is.EqualTo(new[] { "message", "user_id", "current_balance", "scope", "tier_description", "month" }));
        Assert.That(answer["message"]!.GetValue<string>(), Is.EqualTo("Balance updated successfully"));
        Assert.That(answer["user_id"]!.GetValue<Guid>(), Is.EqualTo(person.Id));
        Assert.That(answer["current_balance"]!.GetValue<long>(), Is.EqualTo(balance));
        Assert.That(answer["scope"]!.GetValue<int>(), Is.EqualTo(1));
        Assert.That(answer["tier_description"]!.GetValue<string>(), Is.EqualTo("Developer"));
        var seen = await Api.GetAsync("/check-balance", person.ApiKey);
        Assert.That(seen["current_balance"]!.GetValue<long>(), Is.EqualTo(balance));
        Assert.That(seen["month"]!.GetValue<string>(), Is.EqualTo(answer["month"]!.GetValue<string>()));
    }

    [Test]
    public async Task UpdateBalance_WhenDone_LeavesAnEntryWithTheAdministratorAndTheRequest()
    {
        var person = await Api.UserAsync();

        var answer = await UpdateAsync(await Api.TokenAsync(), new { user_id = person.Id, new_balance = 10 });

        var requestId = answer.RequestId();
        var (entry, record) = await Platform.QueryAsync(async db => (
            await db.Set<LedgerEntry>().SingleAsync(row => row.RequestId == requestId && row.Kind == EntryKind.Adjust),
            await db.Set<AuditRecord>().SingleAsync(row => row.Id == requestId)));
        Assert.That(entry.ActorId, Is.EqualTo(record.UserId));
        Assert.That(entry.GrantedDelta, Is.EqualTo(-989_000));
        Assert.That(entry.AvailableAfter, Is.EqualTo(10_000));
        Assert.That(record.TokenId, Is.Not.Null);
    }

    [Test]
    public async Task UpdateBalance_WhenTheTokenComesInTheHeader_IsAccepted()
    {
        var person = await Api.UserAsync();

        var answer = await Api.PostAsync(
            "/admin/update-balance", new { user_id = person.Id, new_balance = 7 }, TestPlatform.AdminKey, await Api.TokenAsync());

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
    }

    [Test]
    public async Task UpdateBalance_WhenTwoDifferentTokensAreSent_Is401() =>
        (await Api.PostAsync("/admin/update-balance?token=unknown", new { }, TestPlatform.AdminKey, await Api.TokenAsync()))
            .AssertUnauthenticated("Invalid token provided");

    [TestCase("")]
    [TestCase("?token=")]
    public async Task UpdateBalance_WhenNoTokenIsSent_Is400BeforeTheBodyIsLookedAt(string query) =>
        (await Api.PostAsync("/admin/update-balance" + query, null, TestPlatform.AdminKey)).AssertBadRequest("Missing token parameter");

    [Test]
    public async Task UpdateBalance_WhenTheBodyCarriesTheToken_DoesNotReadItThere() =>
        (await Api.PostAsync("/admin/update-balance", new { token = await Api.TokenAsync(), user_id = "x", new_balance = 1 }, TestPlatform.AdminKey))
            .AssertBadRequest("Missing token parameter");

    [Test]
    public async Task UpdateBalance_WhenTheTokenIsAnotherPersons_Is401() =>
        (await UpdateAsync((await Api.UserAsync()).Token, new { })).AssertUnauthenticated("Invalid token provided");

    [Test]
    public async Task UpdateBalance_WhenTheTokenIsGoodAndTheBodyEmpty_Is400() =>
        (await UpdateAsync(await Api.TokenAsync(), new { })).AssertBadRequest("Request body is required");

    [TestCase("{\"new_balance\":5}")]
    [TestCase("{\"user_id\":\"x\"}")]
    [TestCase("{\"user_id\":\"\",\"new_balance\":5}")]
    [TestCase("{\"user_id\":7,\"new_balance\":5}")]
    [TestCase("{\"user_id\":\"x\",\"new_balance\":null}")]
    public async Task UpdateBalance_WhenAFieldIsMissing_Is400(string body) =>
        (await UpdateAsync(await Api.TokenAsync(), body)).AssertBadRequest("user_id and new_balance are required");

    [TestCase("-1")]
    [TestCase("1.5")]
    [TestCase("1e2")]
    [TestCase("2147483648")]
    [TestCase("\"5\"")]
    [TestCase("true")]
    [TestCase("[]")]
    public async Task UpdateBalance_WhenTheBalanceIsNone_Is400AndChangesNothing(string balance)
    {
        var person = await Api.UserAsync();

        var answer = await UpdateAsync(await Api.TokenAsync(), $$"""{"user_id":"{{person.Id}}","new_balance":{{balance}}}""");

        answer.AssertBadRequest("new_balance must be a non-negative integer");
        Assert.That((await Api.GetAsync("/check-balance", person.ApiKey))["current_balance"]!.GetValue<long>(), Is.EqualTo(999));
    }

    [TestCase("no-uuid")]
    [TestCase("00000000-0000-7000-8000-000000000000")]
    public async Task UpdateBalance_WhenThereIsNoSuchUser_Is404(string id) =>
        (await UpdateAsync(await Api.TokenAsync(), new { user_id = id, new_balance = 5 }))
            .AssertRefused(HttpStatusCode.NotFound, "Balance Update Error", $"Failed to update balance: User {id} not found");

    [Test]
    public async Task UpdateBalance_WhenTheCallerIsNoAdministrator_Is403() =>
        (await Api.PostAsync("/admin/update-balance", null, (await Api.UserAsync()).ApiKey))
            .AssertForbidden("Admin privileges required to update balances");

    private Task<Answer> UpdateAsync(string token, object body) =>
        Api.PostAsync($"/admin/update-balance?token={token}", body, TestPlatform.AdminKey);
}
