using System.Net;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

public sealed class DeleteUserTests(DatabaseProvider database) : PlatformTests(database)
{
    private const string Path = "/admin/delete-user";

    [Test]
    public async Task DeleteUser_WhenTheyHoldNoUsableToken_DeletesThem()
    {
        var person = await WithoutTokensAsync();

        var answer = await Api.AdministerAsync(Path, ("id", person.Id.ToString().ToUpperInvariant()));

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(answer.Text, Is.EqualTo($$"""{"message":"User deleted successfully","user_id":"{{person.Id}}"}"""));
        (await Api.GetAsync("/get-token", person.ApiKey)).AssertUnauthenticated("Invalid API Key");
        (await Api.PostAsync("/llm/gpt-4o", new { user_input = "Hello" }, token: person.Token))
            .AssertUnauthenticated("Invalid token - not found in database");
    }

    [Test]
    public async Task DeleteUser_WhenTheyAreGone_KeepsATombstoneAndTheTrailButNoCredential()
    {
        var person = await WithoutTokensAsync();
        await Api.GetAsync("/check-balance", person.ApiKey);

        await Api.AdministerAsync(Path, ("id", person.Id.ToString()));

        await Platform.QueryAsync(async db =>
        {
            var tombstone = await db.Set<User>().SingleAsync(user => user.Id == person.Id);
            Assert.That(tombstone.DeletedAt, Is.Not.Null);
            Assert.That(tombstone.Active, Is.False);
            Assert.That(tombstone.Email, Does.Not.Contain("@"));
            Assert.That(await db.Set<ApiKey>().CountAsync(key => key.UserId == person.Id), Is.Zero);
            Assert.That(await db.Set<AccessToken>().CountAsync(token => token.UserId == person.Id), Is.Zero);
            Assert.That(await db.Set<AuditRecord>().CountAsync(record => record.UserId == person.Id), Is.GreaterThan(0));
            return true;
        });
    }

    [Test]
    public async Task DeleteUser_WhenTheyAreGone_FreesTheAddress()
    {
        var person = await WithoutTokensAsync();
        await Api.AdministerAsync(Path, ("id", person.Id.ToString()));

        var answer = await Api.AdministerAsync("/admin/create-user", ("user_name", "Successor"), ("user_email", person.Email));

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Created), answer.Text);
    }

    [Test]
    public async Task DeleteUser_WhenItIsRepeated_FindsNobody()
    {
        var person = await WithoutTokensAsync();
        await Api.AdministerAsync(Path, ("id", person.Id.ToString()));

        (await Api.AdministerAsync(Path, ("id", person.Id.ToString())))
            .AssertRefused(HttpStatusCode.NotFound, "Not Found", $"User with ID {person.Id} not found");
    }

    [Test]
    public async Task DeleteUser_WhenTheyHoldAUsableToken_IsAConflict()
    {
        var person = await Api.UserAsync();

        var answer = await Api.AdministerAsync(Path, ("id", person.Id.ToString()));

        answer.AssertRefused(HttpStatusCode.Conflict, "Conflict", "Cannot delete user with active tokens. Revoke all tokens first.");
        Assert.That((await Api.GetAsync("/get-token", person.ApiKey)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task DeleteUser_WhenTheirTokensAreExpired_DeletesThem()
    {
        await using var platform = await TestPlatform.StartAsync(Database);
        var api = platform.Api();
        var person = await api.UserAsync();
        platform.Clock.Advance(TimeSpan.FromHours(1));

        var answer = await api.AdministerAsync(Path, ("id", person.Id.ToString()));

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task DeleteUser_WhenItIsOnesOwnAccount_IsRefusedInEitherCase(bool upperCase)
    {
        var administrator = await Api.AdministratorAsync();
        var id = upperCase ? administrator.Id.ToString().ToUpperInvariant() : administrator.Id.ToString();

        var answer = await Api.PostAsync(Path, new { token = administrator.Token, id }, administrator.ApiKey);

        answer.AssertForbidden("Administrators cannot delete their own accounts");
    }

    [TestCase("01890000-0000-7000-8000-000000000000")]
    [TestCase("not-a-uuid")]
    public async Task DeleteUser_WhenTheIdIsUnknown_FindsNobody(string id) =>
        (await Api.AdministerAsync(Path, ("id", id))).AssertRefused(HttpStatusCode.NotFound, "Not Found", $"User with ID {id} not found");

    [Test]
    public async Task DeleteUser_WhenNoKeyIsSent_AsksForItByItsDocumentedName() =>
        (await Api.PostAsync(Path)).AssertUnauthenticated("Missing API Key header (X-API-Key)");

    [Test]
    public async Task DeleteUser_WhenTheKeyComesAsXApiKey_TakesIt()
    {
        var person = await WithoutTokensAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, Path);
        request.Headers.Add("X-API-Key", TestPlatform.AdminKey);
        request.Content = new StringContent($$"""{"token": "{{await Api.TokenAsync()}}", "id": "{{person.Id}}"}""");

        var answer = await Api.SendAsync(request);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
    }

    [Test]
    public async Task DeleteUser_WhenItSucceeds_IsRecordedUnderTheAdministrator()
    {
        var person = await WithoutTokensAsync();

        var answer = await Api.AdministerAsync(Path, ("id", person.Id.ToString()));

        var record = await Platform.AuditRecordAsync(answer.RequestId());
        var administrator = await Platform.QueryAsync(db => db.Set<User>().SingleAsync(user => user.Id == record.UserId));
        Assert.That(administrator.Tier, Is.EqualTo(Tiers.Administrator));
        Assert.That(record.RequestBody, Does.Contain(person.Id.ToString()).And.Contain("[REDACTED]"));
    }

    private async Task<Person> WithoutTokensAsync()
    {
        var person = await Api.UserAsync();
        await Api.AdministerAsync("/admin/revoke-tokens", ("user_id", person.Id.ToString()));
        return person;
    }
}
