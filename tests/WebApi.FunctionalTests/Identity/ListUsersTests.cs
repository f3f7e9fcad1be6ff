using System.Net;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

public sealed class ListUsersTests(DatabaseProvider database) : PlatformTests(database)
{
    [Test]
    public async Task ListUsers_WhenThereAreSeveralPages_ServesThemInTheOrderOfCreation()
    {
        await using var platform = await TestPlatform.StartAsync(Database);
        var api = platform.Api();
        var people = new List<Person>();
        for (var count = 0; count < 3; count++)
        {
            people.Add(await api.UserAsync(tier: 2));
        }

        var first = await api.GetAsync("/admin/users?per_page=2", TestPlatform.AdminKey);
        var second = await api.GetAsync("/admin/users?page=2&per_page=2", TestPlatform.AdminKey);
        var third = await api.GetAsync("/admin/users?page=3&per_page=2", TestPlatform.AdminKey);

        Assert.That(first.Status, Is.EqualTo(HttpStatusCode.OK), first.Text);
        Assert.That(first["count"]!.GetValue<int>(), Is.EqualTo(4));
        Assert.That(Ids(first).Skip(1).Concat(Ids(second)), Is.EqualTo(people.Select(person => person.Id.ToString())));
        Assert.That(third["users"]!.AsArray(), Is.Empty);
    }

    [Test]
    public async Task ListUsers_WhenItShowsAnAccount_ShowsEverythingButItsKey()
    {
        await using var platform = await TestPlatform.StartAsync(Database);
        var api = platform.Api();
        platform.Clock.Set(new DateTimeOffset(2025, 3, 5, 12, 0, 0, TimeSpan.Zero));
        var person = await api.UserAsync(tier: 2);
        await api.UpdateUserAsync(person.Id, ("common_name", "Thandi"), ("comment", "c"), ("active", false));

        var answer = await api.GetAsync("/admin/users", TestPlatform.AdminKey);

        var shown = answer["users"]!.AsArray().Single(user => user!["id"]!.GetValue<string>() == person.Id.ToString())!.AsObject();
        Assert.That(
            shown.Select(member => member.Key),
            Is.EqualTo(new[] { "id", "user_name", "user_email", "common_name", "scope", "active", "created_at", "modified_at", "comment" }));
        Assert.That(shown["user_name"]!.GetValue<string>(), Is.EqualTo(person.Name));
        Assert.That(shown["user_email"]!.GetValue<string>(), Is.EqualTo(person.Email));
        Assert.That(shown["common_name"]!.GetValue<string>(), Is.EqualTo("Thandi"));
        Assert.That(shown["scope"]!.GetValue<int>(), Is.EqualTo(2));
        Assert.That(shown["active"]!.GetValue<bool>(), Is.False);
        Assert.That(shown["comment"]!.GetValue<string>(), Is.EqualTo("c"));
        Assert.That(shown["created_at"]!.GetValue<string>(), Does.StartWith("2025-03-05T14:00:0"));
        Assert.That(answer.Text, Does.Not.Contain(person.ApiKey).And.Not.Contain("hash"));
    }

    [Test]
    public async Task ListUsers_WhenAnAccountIsDeleted_LeavesItOut()
    {
        await using var platform = await TestPlatform.StartAsync(Database);
        var api = platform.Api();
        var person = await api.UserAsync();
        await api.AdministerAsync("/admin/revoke-tokens", ("user_id", person.Id.ToString()));
        await api.AdministerAsync("/admin/delete-user", ("id", person.Id.ToString()));

        var answer = await api.GetAsync("/admin/users", TestPlatform.AdminKey);

        Assert.That(Ids(answer), Does.Not.Contain(person.Id.ToString()));
        Assert.That(answer["count"]!.GetValue<int>(), Is.EqualTo(1));
    }

    [Test]
    public async Task ListUsers_WhenNoSizeIsNamed_ServesTwentyAPage()
    {
        await using var platform = await TestPlatform.StartAsync(Database);
        var api = platform.Api();
        for (var count = 0; count < 20; count++)
        {
            await api.UserAsync();
        }

        var answer = await api.GetAsync("/admin/users?page=&per_page=", TestPlatform.AdminKey);

        Assert.That(Ids(answer).Count(), Is.EqualTo(20));
        Assert.That(answer["count"]!.GetValue<int>(), Is.EqualTo(21));
    }

    [TestCase("page=0", "page must be a number from 1 to 100000")]
    [TestCase("page=-1", "page must be a number from 1 to 100000")]
    [TestCase("page=one", "page must be a number from 1 to 100000")]
    [TestCase("page=1.5", "page must be a number from 1 to 100000")]
    [TestCase("page=100001", "page must be a number from 1 to 100000")]
    [TestCase("page=99999999999999999999", "page must be a number from 1 to 100000")]
    [TestCase("page=%00", "page must be a number from 1 to 100000")]
    [TestCase("per_page=0", "per_page must be a number from 1 to 100")]
    [TestCase("per_page=101", "per_page must be a number from 1 to 100")]
    [TestCase("per_page=all", "per_page must be a number from 1 to 100")]
    public async Task ListUsers_WhenThePageIsNone_IsRefused(string query, string message) =>
        (await Api.GetAsync($"/admin/users?{query}", TestPlatform.AdminKey)).AssertBadRequest(message);

    [Test]
    public async Task ListUsers_WhenTheCallerIsNoAdministrator_IsRefusedBeforeThePageIsLookedAt()
    {
        var person = await Api.UserAsync();

        (await Api.GetAsync("/admin/users?page=0", person.ApiKey)).AssertForbidden("Admin privileges required to view users");
    }

    [Test]
    public async Task ListUsers_WhenNoKeyIsSent_AsksForIt() =>
        (await Api.GetAsync("/admin/users")).AssertUnauthenticated("Missing API Key header (API-Key)");

    [Test]
    public async Task ListUsers_WhenTheKeyIsWrong_RefusesIt() =>
        (await Api.GetAsync("/admin/users", "wrong")).AssertUnauthenticated("Invalid API Key");

    private static IEnumerable<string> Ids(Answer answer) => answer["users"]!.AsArray().Select(user => user!["id"]!.GetValue<string>());
}
