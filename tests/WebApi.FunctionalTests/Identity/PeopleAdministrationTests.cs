using System.Net;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

public sealed class PeopleAdministrationTests(DatabaseProvider database) : PlatformTests(database)
{
    [Test]
    public async Task AdministratorsLogin_WithTheConfiguredPassword_AdministersAndNobodyElseDoes()
    {
        await using var platform = await TestPlatform.StartAsync(Database, ("ADMIN_USERNAME", "admin"), ("ADMIN_PASSWORD", "admin123!"));
        var api = platform.Api();
        var person = await api.RegisterAsync();

        var session = await api.LoginAsync("/api/v1/admin/login", new { username = "admin", password = "admin123!" });
        var users = await api.BearerAsync(HttpMethod.Get, "/api/v1/admin/users?limit=100&offset=0", session);
        var other = await api.PostAsync("/api/v1/admin/login", new { username = person.Username, password = People.Password });
        var wrong = await api.PostAsync("/api/v1/admin/login", new { username = "admin", password = "admin124!" });
        var empty = await api.PostAsync("/api/v1/admin/login", new { password = "admin123!" });

        Assert.That(users.Status, Is.EqualTo(HttpStatusCode.OK), users.Text);
        Assert.That(users.Headers.GetValues("X-Total-Count"), Is.EqualTo(new[] { "2" }));
        Assert.That(users.Json.AsArray().Select(user => user!["username"]!.GetValue<string>()), Is.EqualTo(new[] { person.Username, "admin" }));
        other.AssertDetail(HttpStatusCode.Unauthorized, "Incorrect username or password");
        wrong.AssertDetail(HttpStatusCode.Unauthorized, "Incorrect username or password");
        empty.AssertFault("body.username", "missing", "Field required");
    }

    [Test]
    public async Task AdministratorsLogin_WithoutAConfiguredPassword_IsRefused()
    {
        (await Api.PostAsync("/api/v1/admin/login", new { username = "admin", password = "admin123!" }))
            .AssertDetail(HttpStatusCode.Unauthorized, "Incorrect username or password");
    }

    [Test]
    public async Task Person_WhenAnAdministratorChangesThem_IsWhatTheyWereMade()
    {
        var person = await Api.RegisterAsync();

        var changed = await AdministerAsync(
            HttpMethod.Put,
            $"/users/{person.Username}",
            new
            {
                subscription_plan = "premium",
                limits = new { conversation_limit = 100, reset = 100 },
                credits = new { main = 7 },
                name = "Jane Doe",
                level = "pro",
                type = "Business",
                access_rtype = new[] { "bpe" },
                additional_notes = "Pays late",
            });
        var shown = await AdministerAsync(HttpMethod.Get, $"/users/{person.Username}");
        var verified = await Api.VerifyAsync(person.ApiKey);
        var trail = await Platform.QueryAsync(db => db.Set<AdministrativeChange>()
            .Where(change => change.Kind == "profile" && change.After!.Contains("premium")).AnyAsync());

        changed.AssertMessage("User updated successfully");
        var fields = shown.Json.AsObject();
        Assert.That(fields["limits"]!.ToJsonString(), Is.EqualTo("""{"conversation_limit":100,"reset":100}"""));
        Assert.That(fields["credits"]!.ToJsonString(), Is.EqualTo("""{"main":7,"reset":5}"""));
        Assert.That(
            new[] { "name", "level", "type", "subscription_plan", "additional_notes" }.Select(name => fields[name]!.GetValue<string>()),
            Is.EqualTo(new[] { "Jane Doe", "pro", "Business", "premium", "Pays late" }));
        Assert.That(verified["remaining_conversations"]!.GetValue<long>(), Is.EqualTo(99));
        Assert.That(trail, Is.True);
    }

    [Test]
    public async Task Person_WhenDeactivated_IsRefusedAtOnce()
    {
        var person = await Api.RegisterAsync();

        await AdministerAsync(HttpMethod.Put, $"/users/{person.Username}", new { is_active = false });

        (await Api.VerifyAsync(person.ApiKey)).AssertDetail(HttpStatusCode.Unauthorized, "Invalid API key");
    }

    [Test]
    public async Task Change_OfNobodyOrNothingOrWronglyOrToATakenAddress_SaysSo()
    {
        var (person, other) = (await Api.RegisterAsync(), await Api.RegisterAsync());

        (await AdministerAsync(HttpMethod.Put, "/users/nobody_here", new { level = "pro" })).AssertDetail(HttpStatusCode.NotFound, "User not found");
        (await AdministerAsync(HttpMethod.Put, $"/users/{person.Username}", new { tier = 0 }))
            .AssertDetail(HttpStatusCode.BadRequest, "No valid fields to update");
        (await AdministerAsync(HttpMethod.Put, $"/users/{person.Username}", new { email = other.Email }))
            .AssertDetail(HttpStatusCode.BadRequest, "Email already taken by another user");
        (await AdministerAsync(HttpMethod.Put, $"/users/{person.Username}", new { limits = new { conversation_limit = -1 } }))
            .AssertFault("body.limits.conversation_limit", "greater_than_equal", "Input should be greater than or equal to 0");
        (await AdministerAsync(HttpMethod.Put, $"/users/{person.Username}", new { is_active = "no" }))
            .AssertFault("body.is_active", "bool_type", "Input should be a valid boolean");
        (await AdministerAsync(HttpMethod.Get, "/users/nobody_here")).AssertDetail(HttpStatusCode.NotFound, "User not found");
        (await AdministerAsync(HttpMethod.Get, "/users?limit=1001")).AssertFault("query.limit", "less_than_equal", "Input should be less than or equal to 1000");
        (await AdministerAsync(HttpMethod.Get, "/users?offset=-1")).AssertFault("query.offset", "greater_than_equal", "Input should be greater than or equal to 0");
    }

    [Test]
    public async Task Person_WhenAnAdministratorDeletesThemOrRenewsTheirKey_LosesWhatTheyHad()
    {
        var person = await Api.RegisterAsync();

        var renewed = await AdministerAsync(HttpMethod.Post, $"/users/{person.Username}/regenerate-key");
        var old = await Api.VerifyAsync(person.ApiKey);
        var deleted = await AdministerAsync(HttpMethod.Delete, $"/users/{person.Username}");
        var gone = await AdministerAsync(HttpMethod.Delete, $"/users/{person.Username}");
        var noKey = await AdministerAsync(HttpMethod.Post, $"/users/{person.Username}/regenerate-key");

        Assert.That(renewed["message"]!.GetValue<string>(), Is.EqualTo("API key regenerated successfully"));
        old.AssertDetail(HttpStatusCode.Unauthorized, "Invalid API key");
        deleted.AssertMessage("User deleted successfully");
        gone.AssertDetail(HttpStatusCode.NotFound, "User not found");
        noKey.AssertDetail(HttpStatusCode.NotFound, "User not found");
        (await Api.VerifyAsync(renewed["new_key"]!.GetValue<string>())).AssertDetail(HttpStatusCode.Unauthorized, "Invalid API key");
    }

    [Test]
    public async Task Administration_ByAPersonOrTheStaff_IsForbidden()
    {
        var (person, staff) = (await Api.RegisterAsync(), await Api.StaffAsync("advanced"));
        foreach (var (method, path) in new[]
        {
            (HttpMethod.Get, "/users"), (HttpMethod.Get, "/users/x"), (HttpMethod.Put, "/users/x"), (HttpMethod.Delete, "/users/x"),
            (HttpMethod.Post, "/users/x/regenerate-key"), (HttpMethod.Post, "/staff"), (HttpMethod.Get, "/usage"),
        })
        {
            (await Api.BearerAsync(method, $"/api/v1/admin{path}", person.Session)).AssertDetail(HttpStatusCode.Forbidden, "Admin access required");
            (await Api.BearerAsync(method, $"/api/v1/admin{path}", staff.Session)).AssertDetail(HttpStatusCode.Forbidden, "Admin access required");
        }
    }

    [Test]
    public async Task Staff_ByTheirLevels_LookChangeAndDelete()
    {
        var person = await Api.RegisterAsync();
        await AdministerAsync(HttpMethod.Put, $"/users/{person.Username}", new { additional_notes = "Secret note" });
        var (newcomer, support, advanced) = (await Api.StaffAsync("new"), await Api.StaffAsync("support"), await Api.StaffAsync("advanced"));
        var change = new { email = $"{People.NewName()}@example.com", password = "given-by-staff-1", limits = new { conversation_limit = 3 }, subscription_plan = "pro" };

        var list = await Api.BearerAsync(HttpMethod.Get, "/api/v1/staff/users?limit=1000", newcomer.Session);
        var listed = await Api.BearerAsync(HttpMethod.Get, "/api/v1/staff/users?limit=1000", support.Session);
        var refused = await StaffAsync(HttpMethod.Put, newcomer, change);
        var changed = await StaffAsync(HttpMethod.Put, support, change);
        var notDeleted = await StaffAsync(HttpMethod.Delete, support, null);
        var verified = await Api.VerifyAsync(person.ApiKey);
        await Api.LoginAsync("/api/v1/auth/login", new { change.email, password = "given-by-staff-1" });
        var deleted = await StaffAsync(HttpMethod.Delete, advanced, null);

        Assert.That(list.Status, Is.EqualTo(HttpStatusCode.OK), list.Text);
        Assert.That(NotesOf(list), Is.Empty);
        Assert.That(NotesOf(listed), Is.EqualTo("Secret note"));
        refused.AssertDetail(HttpStatusCode.Forbidden, "Insufficient permissions");
        changed.AssertMessage("User updated successfully");
        notDeleted.AssertDetail(HttpStatusCode.Forbidden, "Insufficient permissions");
        Assert.That(verified["remaining_conversations"]!.GetValue<long>(), Is.EqualTo(2));
        deleted.AssertMessage("User deleted successfully");

        string NotesOf(Answer people) =>
            people.Json.AsArray().Single(one => one!["username"]!.GetValue<string>() == person.Username)!["additional_notes"]!.GetValue<string>();
        Task<Answer> StaffAsync(HttpMethod method, Registered member, object? body) =>
            Api.BearerAsync(method, $"/api/v1/staff/users/{person.Username}", member.Session, body);
    }

    [Test]
    public async Task Staff_WhoWantToChangeAdministratorsOrEachOther_AreForbidden()
    {
        var (advanced, other) = (await Api.StaffAsync("advanced"), await Api.StaffAsync("new"));
        foreach (var username in new[] { "admin@aiplatform.local", other.Username })
        {
            var changed = await Api.BearerAsync(HttpMethod.Put, $"/api/v1/staff/users/{username}", advanced.Session, new { password = "taken-over-1" });
            var deleted = await Api.BearerAsync(HttpMethod.Delete, $"/api/v1/staff/users/{username}", advanced.Session);

            changed.AssertDetail(HttpStatusCode.Forbidden, "Insufficient permissions");
            deleted.AssertDetail(HttpStatusCode.Forbidden, "Insufficient permissions");
        }
    }

    [Test]
    public async Task Staff_SeeThemselvesAndAreToldWhatIsWrong()
    {
        var (support, person) = (await Api.StaffAsync("support"), await Api.RegisterAsync());

        var profile = await Api.BearerAsync(HttpMethod.Get, "/api/v1/staff/profile", support.Session);
        var nothing = await Api.BearerAsync(HttpMethod.Put, $"/api/v1/staff/users/{person.Username}", support.Session, new { is_active = false });
        var nobody = await Api.BearerAsync(HttpMethod.Put, "/api/v1/staff/users/nobody_here", support.Session, new { subscription_plan = "pro" });
        var weak = await Api.BearerAsync(HttpMethod.Put, $"/api/v1/staff/users/{person.Username}", support.Session, new { password = "short" });
        var taken = await Api.BearerAsync(HttpMethod.Put, $"/api/v1/staff/users/{person.Username}", support.Session, new { email = support.Email });
        var login = await Api.PostAsync("/api/v1/staff/login", new { username = person.Username, password = People.Password });
        var byPerson = await Api.BearerAsync(HttpMethod.Get, "/api/v1/staff/users", person.Session);

        Assert.That(
            (profile["username"]!.GetValue<string>(), profile["staff_level"]!.GetValue<string>(), profile["is_active"]!.GetValue<bool>()),
            Is.EqualTo((support.Username, "support", true)));
        nothing.AssertDetail(HttpStatusCode.BadRequest, "No valid fields to update");
        nobody.AssertDetail(HttpStatusCode.NotFound, "User not found");
        weak.AssertFault("body.password", "value_error", "Password must be at least 8 characters long");
        taken.AssertDetail(HttpStatusCode.BadRequest, "Email already taken by another user");
        login.AssertDetail(HttpStatusCode.Unauthorized, "Incorrect username or password");
        byPerson.AssertDetail(HttpStatusCode.Forbidden, "Insufficient permissions");
    }

    [Test]
    public async Task StaffAccount_WhenItIsMade_IsAnsweredAsDocumented()
    {
        var name = People.NewName();

        var made = await AdministerAsync(
            HttpMethod.Post, "/staff", new { name = "Support User", username = name, email = $"{name}@example.com", password = "support123", staff_level = "support" });

        var id = made["staff_id"]!.GetValue<string>();
        Assert.That(
            (made.Status, made.Text),
            Is.EqualTo((HttpStatusCode.Created, $$"""{"message":"Staff member created successfully","staff_id":"{{id}}","username":"{{name}}"}""")));
        Assert.That(id, Is.Not.Empty);
    }

    [Test]
    public async Task StaffAccount_WithATakenNameOrAWrongLevel_IsNotMade()
    {
        var staff = await Api.StaffAsync("support");
        object Wanted(string username, string email, string level) =>
            new { name = "Support User", username, email, password = "support123", staff_level = level };

        (await AdministerAsync(HttpMethod.Post, "/staff", Wanted(staff.Username, $"{People.NewName()}@example.com", "new")))
            .AssertDetail(HttpStatusCode.BadRequest, "Username already taken");
        (await AdministerAsync(HttpMethod.Post, "/staff", Wanted(People.NewName(), staff.Email, "new")))
            .AssertDetail(HttpStatusCode.BadRequest, "Email already registered");
        (await AdministerAsync(HttpMethod.Post, "/staff", Wanted(People.NewName(), $"{People.NewName()}@example.com", "chief")))
            .AssertFault("body.staff_level", "literal_error", "Input should be 'new', 'support' or 'advanced'");
    }

    private Task<Answer> AdministerAsync(HttpMethod method, string path, object? body = null) =>
        Api.BearerAsync(method, $"/api/v1/admin{path}", TestPlatform.AdminKey, body);
}
