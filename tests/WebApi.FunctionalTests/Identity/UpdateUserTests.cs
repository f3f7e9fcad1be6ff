using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.Domain.Identity;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

public sealed class UpdateUserTests(DatabaseProvider database) : PlatformTests(database)
{
    [Test]
    public async Task UpdateUser_WhenEveryFieldIsSent_ListsThemInTheDocumentedOrder()
    {
        var person = await Api.UserAsync();
        var email = $"{Unique.Id():N}@example.com";

        var answer = await Api.UpdateUserAsync(
            person.Id, ("comment", "c"), ("active", false), ("scope", 3), ("common_name", "n"), ("user_email", $" {email.ToUpperInvariant()}"), ("user_name", "u"));

        Assert.That(
            answer.Text,
            Is.EqualTo(
                $$"""{"message":"User updated successfully","user_id":"{{person.Id}}","updated_fields":["user_name","user_email","common_name","scope","active","comment"]}"""));
        var user = await UserAsync(person.Id);
        Assert.That((user.UserName, user.Email, user.CommonName, user.Tier, user.Active, user.Comment), Is.EqualTo(("u", email, "n", 3, false, "c")));
        Assert.That(user.ModifiedAt, Is.GreaterThan(user.CreatedAt));
    }

    [Test]
    public async Task UpdateUser_WhenNothingIsSent_ChangesNothing()
    {
        var person = await Api.UserAsync();
        var before = await UserAsync(person.Id);

        var answer = await Api.UpdateUserAsync(person.Id, ("comment", null), ("scope", null), ("user_name", null), ("user_email", null), ("active", null));

        Assert.That(answer.Text, Is.EqualTo($$"""{"message":"No fields to update","user_id":"{{person.Id}}","updated_fields":[]}"""));
        Assert.That((await UserAsync(person.Id)).ModifiedAt, Is.EqualTo(before.ModifiedAt));
    }

    [Test]
    public async Task UpdateUser_WhenATextIsEmpty_ClearsIt()
    {
        var person = await Api.UserAsync();
        await Api.UpdateUserAsync(person.Id, ("comment", "c"), ("common_name", "n"));

        var answer = await Api.UpdateUserAsync(person.Id, ("comment", string.Empty), ("common_name", string.Empty));

        Assert.That(answer["updated_fields"]!.AsArray().Select(name => name!.GetValue<string>()), Is.EqualTo(new[] { "common_name", "comment" }));
        var user = await UserAsync(person.Id);
        Assert.That((user.CommonName, user.Comment), Is.EqualTo(((string?)null, (string?)null)));
    }

    [Test]
    public async Task UpdateUser_WhenTheIdIsInUpperCase_FindsTheAccountAndAnswersLowerCase()
    {
        var person = await Api.UserAsync();

        var answer = await Api.AdministerAsync("/admin/update-user", ("id", person.Id.ToString().ToUpperInvariant()), ("comment", "c"));

        Assert.That(answer["user_id"]!.GetValue<string>(), Is.EqualTo(person.Id.ToString()));
    }

    [Test]
    public async Task UpdateUser_WhenTheScopeChanges_LeavesThisMonthsBalanceAlone()
    {
        var person = await Api.UserAsync(tier: 1);
        await Api.GetAsync("/check-balance", person.ApiKey);

        await Api.UpdateUserAsync(person.Id, ("scope", 4));

        var balance = await Api.GetAsync("/check-balance", person.ApiKey);
        Assert.That(balance["current_balance"]!.GetValue<long>(), Is.EqualTo(999));
        Assert.That(balance["scope"]!.GetValue<int>(), Is.EqualTo(4));
    }

    [Test]
    public async Task UpdateUser_WhenTheScopeBecomesZero_MakesAnAdministrator()
    {
        var administrator = await Api.AdministratorAsync();

        var answer = await Api.GetAsync("/admin/users", administrator.ApiKey);

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
    }

    [Test]
    public async Task UpdateUser_WhenAnAdministratorIsDemoted_TakesTheRightAwayAtOnce()
    {
        var administrator = await Api.AdministratorAsync();
        await Api.GetAsync("/admin/users", administrator.ApiKey);

        await Api.UpdateUserAsync(administrator.Id, ("scope", 1));

        (await Api.GetAsync("/admin/users", administrator.ApiKey)).AssertForbidden("Admin privileges required to view users");
    }

    [Test]
    public async Task UpdateUser_WhenTheAddressIsAnothers_IsAConflict()
    {
        var person = await Api.UserAsync();
        var other = await Api.UserAsync();

        var answer = await Api.UpdateUserAsync(person.Id, ("user_email", other.Email.ToUpperInvariant()));

        answer.AssertRefused(HttpStatusCode.Conflict, "Conflict", "A user with this email already exists");
    }

    [Test]
    public async Task UpdateUser_WhenTheAddressIsTheirOwn_IsNoConflict()
    {
        var person = await Api.UserAsync();

        var answer = await Api.UpdateUserAsync(person.Id, ("user_email", person.Email));

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
    }

    [TestCase("user_email", "\"no-at-sign\"", "Invalid email format")]
    [TestCase("user_email", "\"\"", "Invalid email format")]
    [TestCase("user_email", "5", "Invalid email format")]
    [TestCase("scope", "6", "Scope must be between 0 and 5")]
    [TestCase("scope", "-1", "Scope must be between 0 and 5")]
    [TestCase("scope", "\"1\"", "Scope must be between 0 and 5")]
    [TestCase("scope", "true", "Scope must be between 0 and 5")]
    [TestCase("active", "\"false\"", "active must be true or false")]
    [TestCase("user_name", "\"\"", "user_name must not be empty")]
    [TestCase("user_name", "\" \"", "user_name must not be empty")]
    [TestCase("user_name", "5", "user_name must be a string of at most 100 characters")]
    [TestCase("user_name", "\"\\u0000\"", "user_name must be a string of at most 100 characters")]
    [TestCase("common_name", "{}", "common_name must be a string of at most 100 characters")]
    [TestCase("comment", "5", "comment must be a string of at most 4000 characters")]
    public async Task UpdateUser_WhenAFieldIsWrong_IsRefusedAndChangesNothing(string field, string value, string message)
    {
        var person = await Api.UserAsync();
        var before = await UserAsync(person.Id);

        var answer = await Api.UpdateUserAsync(person.Id, ("comment", "not kept"), (field, JsonNode.Parse(value)));

        answer.AssertBadRequest(message);
        Assert.That((await UserAsync(person.Id)).ModifiedAt, Is.EqualTo(before.ModifiedAt));
    }

    [TestCase("user_name", "user_name must be a string of at most 100 characters")]
    [TestCase("user_email", "Invalid email format")]
    [TestCase("comment", "comment must be a string of at most 4000 characters")]
    public async Task UpdateUser_WhenATextHoldsHalfACharacter_IsRefused(string field, string message)
    {
        var person = await Api.UserAsync();
        var body = $$"""{"token": "{{await Api.TokenAsync()}}", "id": "{{person.Id}}", "{{field}}": "\ud800@b.com"}""";

        (await Api.PostAsync("/admin/update-user", body, TestPlatform.AdminKey)).AssertBadRequest(message);
    }

    [TestCase("01890000-0000-7000-8000-000000000000")]
    [TestCase("not-a-uuid")]
    [TestCase("' OR 1=1")]
    public async Task UpdateUser_WhenTheIdIsUnknown_SaysSoBeforeItLooksAtTheFields(string id) =>
        (await Api.AdministerAsync("/admin/update-user", ("id", id), ("user_email", "no-at-sign"), ("scope", 9)))
            .AssertRefused(HttpStatusCode.NotFound, "Not Found", $"User with ID {id} not found");

    [Test]
    public async Task UpdateUser_WhenTheIdIsHuge_RepeatsOnlyItsBeginning()
    {
        var answer = await Api.AdministerAsync("/admin/update-user", ("id", new string('a', 100_000)));

        answer.AssertRefused(HttpStatusCode.NotFound, "Not Found", $"User with ID {new string('a', 100)} not found");
    }

    [Test]
    public async Task UpdateUser_WhenTheAddressAndTheScopeAreWrong_NamesTheAddressFirst()
    {
        var person = await Api.UserAsync();

        (await Api.UpdateUserAsync(person.Id, ("scope", 9), ("user_email", "no-at-sign"))).AssertBadRequest("Invalid email format");
    }

    [Test]
    public async Task UpdateUser_WhenTheAccountIsDeleted_FindsNobody()
    {
        var person = await Api.UserAsync();
        await Api.AdministerAsync("/admin/revoke-tokens", ("user_id", person.Id.ToString()));
        await Api.AdministerAsync("/admin/delete-user", ("id", person.Id.ToString()));

        (await Api.UpdateUserAsync(person.Id, ("comment", "c")))
            .AssertRefused(HttpStatusCode.NotFound, "Not Found", $"User with ID {person.Id} not found");
    }

    private Task<User> UserAsync(Guid id) => Platform.QueryAsync(db => db.Set<User>().AsNoTracking().SingleAsync(user => user.Id == id));
}
