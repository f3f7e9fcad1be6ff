using System.Net;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

public sealed class AccountTeamTests(DatabaseProvider database) : PlatformTests(database)
{
    private const string NotAuthorized = "Not authorized to perform this action";

    [Test]
    public async Task Team_WhenFounded_IsAdministeredByItsFounder()
    {
        var founder = await Api.MemberAsync();
        var name = Unique.Handle();

        var team = await FoundAsync(founder, name);
        var me = await Api.AsAsync(founder.Session, HttpMethod.Get, "/auth/me");

        Assert.That(team.Status, Is.EqualTo(HttpStatusCode.Created), team.Text);
        Assert.That(
            team.Json.AsObject().Select(field => field.Key),
            Is.EqualTo(new[] { "id", "name", "admin_email", "phone", "billing_address", "is_active", "stripe_customer_id", "last_payment", "created_at" }));
        Assert.That(me["team_id"]!.GetValue<long>(), Is.EqualTo(team["id"]!.GetValue<long>()));
        Assert.That(me["role"]!.GetValue<string>(), Is.EqualTo("admin"));
    }

    [Test]
    public async Task Team_OfSomebodyElse_IsNotThereForOthers()
    {
        var (founder, stranger) = (await Api.MemberAsync(), await Api.MemberAsync());
        var team = await FoundAsync(founder, Unique.Handle());
        await FoundAsync(stranger, Unique.Handle());
        var path = $"/teams/{team["id"]}";

        (await Api.AsAsync(stranger.Session, HttpMethod.Get, path)).AssertDetail(404, "Team not found");
        (await Api.AsAsync(stranger.Session, HttpMethod.Put, path, new { name = "mine" })).AssertDetail(404, "Team not found");
        (await Api.AsAsync(founder.Session, HttpMethod.Delete, path)).AssertDetail(403, NotAuthorized);
        (await Api.AsAsync(founder.Session, HttpMethod.Get, "/teams")).AssertDetail(403, NotAuthorized);
        Assert.That((await Api.AsAsync(TestPlatform.AdminKey, HttpMethod.Get, path)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Team_WhenChanged_KeepsWhatIsLeftOut()
    {
        var founder = await Api.MemberAsync();
        var team = await FoundAsync(founder, Unique.Handle());

        var changed = await Api.AsAsync(founder.Session, HttpMethod.Put, $"/teams/{team["id"]}", new { phone = "+27 11 000" });

        Assert.That(changed["phone"]!.GetValue<string>(), Is.EqualTo("+27 11 000"), changed.Text);
        Assert.That(changed["name"]!.GetValue<string>(), Is.EqualTo(team["name"]!.GetValue<string>()));
        Assert.That(changed["billing_address"]!.GetValue<string>(), Is.EqualTo("123 Main St"));
    }

    [Test]
    public async Task Team_WhenAMemberOfLowerRoleChangesIt_IsRefused()
    {
        var founder = await Api.MemberAsync();
        var team = await FoundAsync(founder, Unique.Handle());
        var email = Unique.Email();
        await Api.AsAsync(
            founder.Session, HttpMethod.Post, "/users", new { email, password = Accounts.Password, team_id = team["id"]!.GetValue<int>(), role = "key_creator" });
        var session = await Api.SignInAsync(email);

        Assert.That((await Api.AsAsync(session, HttpMethod.Get, $"/teams/{team["id"]}")).Status, Is.EqualTo(HttpStatusCode.OK));
        (await Api.AsAsync(session, HttpMethod.Put, $"/teams/{team["id"]}", new { phone = "1" })).AssertDetail(403, NotAuthorized);
    }

    [Test]
    public async Task Team_WhenItHasMembers_CannotBeDeleted()
    {
        var founder = await Api.MemberAsync();
        var path = $"/teams/{(await FoundAsync(founder, Unique.Handle()))["id"]}";

        (await Api.AsAsync(TestPlatform.AdminKey, HttpMethod.Delete, path)).AssertDetail(400, "Cannot delete team with associated users or AI keys");
        Assert.That((await Api.AsAsync(TestPlatform.AdminKey, HttpMethod.Delete, $"/users/{founder.Number}")).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(
            (await Api.AsAsync(TestPlatform.AdminKey, HttpMethod.Delete, path))["message"]!.GetValue<string>(), Is.EqualTo("Team deleted successfully"));
        (await Api.AsAsync(TestPlatform.AdminKey, HttpMethod.Get, path)).AssertDetail(404, "Team not found");
    }

    [Test]
    public async Task Team_WhenNameOrAddressIsTaken_IsRefused()
    {
        var (founder, second) = (await Api.MemberAsync(), await Api.MemberAsync());
        var (name, email) = (Unique.Handle(), Unique.Email());
        await Api.AsAsync(founder.Session, HttpMethod.Post, "/teams", new { name, admin_email = email });

        (await Api.AsAsync(second.Session, HttpMethod.Post, "/teams", new { name = Unique.Handle(), admin_email = email }))
            .AssertDetail(400, "Email already registered");
        (await Api.AsAsync(second.Session, HttpMethod.Post, "/teams", new { name = name.ToUpperInvariant(), admin_email = Unique.Email() }))
            .AssertDetail(400, "Team name already registered");
    }

    [TestCase("{}", "name: must be a string of 1 to 100 characters without control characters")]
    [TestCase("""{"name":"x"}""", "admin_email: must be an e-mail address")]
    [TestCase("""{"name":"x","admin_email":"a@example.com","phone":7}""", "phone: must be a string of 1 to 50 characters without control characters")]
    public async Task Team_WhenAFieldIsWrong_NamesIt(string body, string detail) =>
        (await Api.AsAsync((await Api.MemberAsync()).Session, HttpMethod.Post, "/teams", body)).AssertDetail(422, detail);

    [Test]
    public async Task Teams_WhenListed_AreFilteredSortedAndPaged()
    {
        var prefix = Unique.Handle();
        foreach (var name in new[] { "b", "a", "c" })
        {
            await Api.AsAsync(TestPlatform.AdminKey, HttpMethod.Post, "/teams", new { name = $"{prefix}-{name}", admin_email = Unique.Email() });
        }

        var answer = await Api.AsAsync(
            TestPlatform.AdminKey, HttpMethod.Get, $"/teams?filter={prefix.ToUpperInvariant()}&sort_by=name&sort_order=desc&per_page=2&page=1");

        Assert.That(answer.Json.AsArray().Select(team => team!["name"]!.GetValue<string>()), Is.EqualTo(new[] { $"{prefix}-c", $"{prefix}-b" }));
        Assert.That(answer.Headers.GetValues("X-Total-Count"), Is.EqualTo(new[] { "3" }));
    }

    [TestCase("page=0", "page: must be a number from 1 to 100000")]
    [TestCase("per_page=101", "per_page: must be a number from 1 to 100")]
    [TestCase("sort_by=password_hash", "sort_by: must be one of: id, name, created_at")]
    [TestCase("sort_order=up", "sort_order: must be asc or desc")]
    public async Task Teams_WhenTheQueryIsWrong_NamesIt(string query, string detail) =>
        (await Api.AsAsync(TestPlatform.AdminKey, HttpMethod.Get, $"/teams?{query}")).AssertDetail(422, detail);

    private Task<Answer> FoundAsync(Member founder, string name) => Api.AsAsync(
        founder.Session,
        HttpMethod.Post,
        "/teams",
        new { name, admin_email = Unique.Email(), phone = "+1234567890", billing_address = "123 Main St" });
}
