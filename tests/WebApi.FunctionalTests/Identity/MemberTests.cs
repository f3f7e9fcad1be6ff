using System.Net;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

public sealed class MemberTests(DatabaseProvider database) : PlatformTests(database)
{
    private const string NotAuthorized = "Not authorized to perform this action";

    [Test]
    public async Task Add_ByTheTeamsAdministrator_OpensAnAccountInTheTeam()
    {
        var (founder, team) = await TeamAsync();
        var email = Unique.Email();

        var added = await AddAsync(founder, new { email, password = "secure-password", team_id = team, role = "key_creator" });

        Assert.That(added.Status, Is.EqualTo(HttpStatusCode.Created), added.Text);
        Assert.That((added["team_id"]!.GetValue<int>(), added["role"]!.GetValue<string>()), Is.EqualTo((team, "key_creator")));
        Assert.That(await Api.SignInAsync(email, "secure-password"), Is.Not.Empty);
    }

    [Test]
    public async Task Add_ByWhoeverMayNot_IsRefused()
    {
        var stranger = await Api.MemberAsync();
        var (founder, _) = await TeamAsync();
        var (_, otherTeam) = await TeamAsync();

        (await AddAsync(stranger, new { email = Unique.Email() })).AssertDetail(403, NotAuthorized);
        (await AddAsync(founder, new { email = Unique.Email(), team_id = otherTeam })).AssertDetail(404, "Team not found");
    }

    [Test]
    public async Task Add_WhenAFieldIsWrong_SaysSo()
    {
        var (founder, team) = await TeamAsync();

        (await AddAsync(founder, new { email = founder.Email, team_id = team })).AssertDetail(400, "Email already registered");
        (await AddAsync(founder, new { email = Unique.Email(), team_id = team, role = "owner" }))
            .AssertDetail(400, "Invalid role. Must be one of: admin, key_creator, read_only");
        (await AddAsync(founder, new { email = "nobody" })).AssertDetail(422, "email: must be an e-mail address");
        (await AddAsync(founder, new { email = Unique.Email(), role = "admin" })).AssertDetail(422, "role: must be left out where there is no team_id");
        (await AddAsync(founder, new { email = Unique.Email(), team_id = "x" })).AssertDetail(422, "team_id: must be a whole number above zero");
        (await AddAsync(founder, new { email = Unique.Email(), password = "short" })).AssertDetail(422, "password: must be a string of 8 to 256 characters");
    }

    [Test]
    public async Task Get_ShowsWhoMayBeSeen()
    {
        var (founder, team) = await TeamAsync();
        var stranger = await Api.MemberAsync();
        var member = (await AddAsync(founder, new { email = Unique.Email(), team_id = team }))["id"]!.GetValue<long>();

        foreach (var (bearer, path, status) in new[]
        {
            (founder.Session, $"/users/{member}", 200), (founder.Session, $"/users/{stranger.Number}", 404),
            (stranger.Session, $"/users/{stranger.Number}", 200), (stranger.Session, $"/users/{member}", 404),
            (TestPlatform.AdminKey, $"/users/{member}", 200), (TestPlatform.AdminKey, $"/users/{int.MaxValue}", 404),
        })
        {
            Assert.That((int)(await Api.AsAsync(bearer, HttpMethod.Get, path)).Status, Is.EqualTo(status), path);
        }

        (await Api.AsAsync(founder.Session, HttpMethod.Get, "/users/0")).AssertDetail(422, "user_id: must be a whole number above zero");
    }

    [Test]
    public async Task Change_ByTheTeamsAdministrator_ChangesRolesAndMovesNobody()
    {
        var (founder, team) = await TeamAsync();
        var (_, otherTeam) = await TeamAsync();
        var member = (await AddAsync(founder, new { email = Unique.Email(), team_id = team }))["id"]!.GetValue<long>();

        var changed = await Api.AsAsync(founder.Session, HttpMethod.Put, $"/users/{member}", new { role = "admin", team_id = team });

        Assert.That(changed["role"]!.GetValue<string>(), Is.EqualTo("admin"), changed.Text);
        (await Api.AsAsync(founder.Session, HttpMethod.Put, $"/users/{member}", new { team_id = otherTeam })).AssertDetail(404, "Team not found");
        (await Api.AsAsync(founder.Session, HttpMethod.Put, $"/users/{member}", new { role = "owner" }))
            .AssertDetail(400, "Invalid role. Must be one of: admin, key_creator, read_only");
    }

    [Test]
    public async Task Change_OfAnAdministratorByATeamsAdministrator_IsRefused()
    {
        var (founder, team) = await TeamAsync();
        var administrator = await Api.AdministratorAsync();
        var number = (await Api.AsAsync(administrator.ApiKey, HttpMethod.Get, "/auth/me"))["id"]!.GetValue<long>();
        Assert.That(
            (await Api.AsAsync(TestPlatform.AdminKey, HttpMethod.Put, $"/users/{number}", new { team_id = team })).Status, Is.EqualTo(HttpStatusCode.OK));

        (await Api.AsAsync(founder.Session, HttpMethod.Put, $"/users/{number}", new { email = Unique.Email() })).AssertDetail(403, NotAuthorized);
    }

    [Test]
    public async Task Change_OfAMemberOfTheStaffByATeamsAdministrator_IsRefused()
    {
        var (founder, team) = await TeamAsync();
        var staff = await Api.StaffAsync("support");
        var number = (await Api.AsAsync(staff.Session, HttpMethod.Get, "/auth/me"))["id"]!.GetValue<long>();
        await Api.AsAsync(TestPlatform.AdminKey, HttpMethod.Put, $"/users/{number}", new { team_id = team });

        (await Api.AsAsync(founder.Session, HttpMethod.Put, $"/users/{number}", new { email = Unique.Email() })).AssertDetail(403, NotAuthorized);
    }

    [Test]
    public async Task Delete_OfAnAccount_EndsEverythingOfIt()
    {
        var member = await Api.MemberAsync();
        var token = (await Api.AsAsync(member.Session, HttpMethod.Post, "/auth/token", new { name = "x" }))["token"]!.GetValue<string>();

        (await Api.AsAsync(member.Session, HttpMethod.Delete, $"/users/{member.Number}")).AssertDetail(403, NotAuthorized);
        var deleted = await Api.AsAsync(TestPlatform.AdminKey, HttpMethod.Delete, $"/users/{member.Number}");

        Assert.That(deleted["message"]!.GetValue<string>(), Is.EqualTo("User deleted successfully"));
        foreach (var credential in new[] { member.Session, token })
        {
            (await Api.AsAsync(credential, HttpMethod.Get, "/auth/me")).AssertDetail(401, "Could not validate credentials");
        }

        Assert.That((await Api.PostAsync("/auth/register", new { email = member.Email, password = Accounts.Password })).Status, Is.EqualTo(HttpStatusCode.OK));
        (await Api.AsAsync(TestPlatform.AdminKey, HttpMethod.Delete, $"/users/{member.Number}")).AssertDetail(404, "User not found");
    }

    [Test]
    public async Task Search_FindsByAPartOfTheAddress()
    {
        var member = await Api.MemberAsync();
        var part = member.Email[7..30].ToUpperInvariant();

        var found = await Api.AsAsync(TestPlatform.AdminKey, HttpMethod.Get, $"/users/search?email={part}");

        Assert.That(found.Json.AsArray().Select(user => user!["email"]!.GetValue<string>()), Is.EqualTo(new[] { member.Email }));
        Assert.That(found.Headers.GetValues("X-Total-Count"), Is.EqualTo(new[] { "1" }));
        (await Api.AsAsync(member.Session, HttpMethod.Get, "/users/search?email=a")).AssertDetail(403, NotAuthorized);
        (await Api.AsAsync(TestPlatform.AdminKey, HttpMethod.Get, "/users/search?sort_by=x")).AssertDetail(422, "sort_by: must be one of: email, id, created_at");
    }

    [Test]
    public async Task Changes_AreTold_WithWhatWasBefore()
    {
        var (founder, team) = await TeamAsync();
        var email = Unique.Email();
        var member = (await AddAsync(founder, new { email, password = "secure-password", team_id = team }))["id"]!.GetValue<long>();
        var id = await Platform.IdOfAsync(new Member(member, email, string.Empty));
        await Api.AsAsync(founder.Session, HttpMethod.Put, $"/users/{member}", new { role = "admin" });

        var changes = await Api.GetAsync($"/admin/changes?kind=user&resource_id={id}", TestPlatform.AdminKey);

        Assert.That(changes["changes"]!.AsArray().Select(change => change!["action"]!.GetValue<string>()), Is.EqualTo(new[] { "update", "create" }), changes.Text);
        var update = changes["changes"]![0]!;
        Assert.That(update["before"]!["team_role"]!.GetValue<string>(), Is.EqualTo("ReadOnly"));
        Assert.That(update["after"]!["team_role"]!.GetValue<string>(), Is.EqualTo("Admin"));
        Assert.That(update["actor_id"]!.GetValue<Guid>(), Is.EqualTo(await Platform.IdOfAsync(founder)));
        Assert.That(changes.Text, Does.Contain("[REDACTED]").And.Not.Contain("AQAAAA"));
    }

    private async Task<(Member Founder, int Team)> TeamAsync()
    {
        var founder = await Api.MemberAsync();
        var team = await Api.AsAsync(founder.Session, HttpMethod.Post, "/teams", new { name = Unique.Handle(), admin_email = Unique.Email() });
        return (founder, team["id"]!.GetValue<int>());
    }

    private Task<Answer> AddAsync(Member by, object body) => Api.AsAsync(by.Session, HttpMethod.Post, "/users", body);
}
