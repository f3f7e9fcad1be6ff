using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Content;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public sealed class NoSecretIsReadableTests(DatabaseProvider database)
{
    private const string AdminName = "readable_admin";
    private const string AdminPassword = "administrators-password-of-the-story-7";

    [Test]
    public async Task Secrets_WhenAWholeStoryWasTold_AreNowhereToBeRead()
    {
        await using var platform = await StartAsync();
        List<string> secrets = [.. await TellAsync(platform.Api()), .. await HoldAsync(platform), .. await SignInEverywhereAsync(platform.Api())];

        var places = await platform.PlacesAsync(database);

        // Each place must hold something of the story, or the search proves nothing.
        Assert.That(places["database"], Does.Contain("/refresh-token").And.Contain("/get-file-url").And.Contain("/image-generation/dalle3"));
        Assert.That(places["log"], Does.Contain("access_tokens"));
        Assert.That(places["audit"], Does.Contain("/refresh-token"));
        Assert.That(places["changes"], Does.Contain("api_key"));
        Assert.That(secrets, Has.Count.GreaterThan(25));
        Assert.That(SecretSearch.Find(places, secrets), Is.Empty);
    }

    [Test]
    public async Task EmailCode_OnItsWay_IsNotKept()
    {
        await using var platform = await StartAsync();
        var email = Unique.Email();
        await platform.Api().PostAsync("/auth/validate-email", new { email });

        var kept = await platform.QueryAsync(db => db.Set<EmailCode>().SingleAsync(code => code.Email == email));

        Assert.That(kept.Hash, Does.Match("^[0-9A-Fa-f]{64}$").And.Not.Contain(EmailCodes.CodeIn(platform, email)));
    }

    [TestCase("text")]
    [TestCase("blob")]
    [TestCase("log")]
    public async Task Search_WhenALeakIsPlanted_FindsIt(string where)
    {
        await using var platform = await StartAsync();
        var secret = $"planted-{Unique.Id():N}-{Unique.Id():N}";
        await PlantAsync(platform, where, secret);

        var found = SecretSearch.Find(await platform.PlacesAsync(database), [secret, $"nowhere-{Unique.Id():N}"]).ToList();

        Assert.That(found, Has.Member((where is "log" ? "log" : "database", "planted-")));
        Assert.That(found.Select(leak => leak.Secret), Has.All.EqualTo("planted-"));
    }

    private Task<TestPlatform> StartAsync() => TestPlatform.StartAsync(
        database,
        ("Bootstrap:AdminUserName", AdminName),
        ("Bootstrap:AdminPassword", AdminPassword),
        ("Logging:LogLevel:Default", "Debug"),
        ("Logging:LogLevel:Microsoft", "Debug"),
        ("Logging:LogLevel:Microsoft.EntityFrameworkCore", "Debug"),
        ("Logging:LogLevel:Microsoft.EntityFrameworkCore.Database", "Debug"),
        ("Logging:LogLevel:Microsoft.EntityFrameworkCore.Update", "Debug"));

    private static async Task PlantAsync(TestPlatform platform, string where, string secret)
    {
        if (where is "log")
        {
            platform.Services.GetRequiredService<ILoggerFactory>().CreateLogger("planted").Log(LogLevel.Information, default, secret, null, (state, _) => state);
            return;
        }

        var user = new User("Planted", Unique.Email(), Tiers.Developer, platform.Clock.GetUtcNow());
        await platform.QueryAsync(db =>
        {
            if (where is "text")
            {
                user.Annotate(secret, platform.Clock.GetUtcNow());
                db.Add(user);
                return db.SaveChangesAsync();
            }

            var hold = new Hold(Unique.Id(), new HeldCall(Unique.Id(), user.Id, "planted"), Hold.Unpriced, TimeSpan.FromMinutes(1), platform.Clock.GetUtcNow());
            var call = new IdempotentCall(new IdempotencyKey(Unique.Id(), new byte[IdempotentCall.FingerprintLength]), hold, TimeSpan.FromDays(1));
            call.Keep(hold.Id, System.Text.Encoding.UTF8.GetBytes(secret));
            db.AddRange(user, hold, call);
            return db.SaveChangesAsync();
        });
    }

    /// <summary>The secrets of somebody who holds a credential of every kind, uses each, sends a charged call twice and ends them all.</summary>
    private static async Task<IEnumerable<string>> HoldAsync(TestPlatform platform)
    {
        var api = platform.Api();
        var person = await Holder.RegisterAsync(platform, api);
        foreach (var held in person.Credentials)
        {
            await api.WithAsync(held.Header, HttpMethod.Get, $"/auth/me?token={held.Secret}");
            await api.WithAsync(held.Header, HttpMethod.Post, "/tokens/consume?amount=x", new { provider = 7, token = held.Secret, api_key = held.Secret });
            await api.WithAsync(held.Header, HttpMethod.Get, "/api/v1/auth/api-key");
        }

        var refresh = await RefreshedAsync(api, person.Email);
        foreach (var held in person.Credentials)
        {
            await held.EndAsync(api);
            await api.WithAsync(held.Header, HttpMethod.Get, "/auth/me");
        }

        var code = await api.SignInByCodeAsync(platform, person.Email);
        return [Holder.Password, .. refresh, Signature(code), .. person.Credentials.Select(held => Signature(held.Secret))];
    }

    private static async Task<IEnumerable<string>> RefreshedAsync(Api api, string email)
    {
        var signedIn = await api.PostAsync("/auth/login", new { email, password = Holder.Password });
        var first = signedIn["refresh_token"]!.GetValue<string>();
        var next = await api.PostAsync("/auth/refresh", new { refresh_token = first });
        await api.PostAsync("/auth/refresh", new { refresh_token = first });
        return [first, next["refresh_token"]!.GetValue<string>(), Signature(next["access_token"]!.GetValue<string>())];
    }

    /// <summary>The passwords of the staff and of the administrator, used rightly and wrongly.</summary>
    private static async Task<IEnumerable<string>> SignInEverywhereAsync(Api api)
    {
        const string password = "staff-password-of-the-story-7";
        var name = People.NewName();
        await api.BearerAsync(
            HttpMethod.Post,
            "/api/v1/admin/staff",
            TestPlatform.AdminKey,
            new { name = "Support", username = name, email = $"{name}@example.com", password, staff_level = "support" });
        var staff = await api.LoginAsync("/api/v1/staff/login", new { username = name, password });
        var administrator = await api.LoginAsync("/api/v1/admin/login", new { username = AdminName, password = AdminPassword });
        await api.PostAsync("/api/v1/admin/login", new { username = name, password = password + AdminPassword });
        await api.PostAsync("/api/v1/staff/login", $"{{\"username\": \"{name}\", \"password\": \"{password}\"");
        return [password, AdminPassword, Signature(staff), Signature(administrator)];
    }

    /// <summary>Of a session token the head is the same for all; what is secret is its signature.</summary>
    private static string Signature(string secret) => secret.Split('.')[^1];

    private static async Task<List<string>> TellAsync(Api api)
    {
        var administration = await api.TokenAsync();
        var person = await api.UserAsync();
        var refreshed = (await api.PostAsync($"/refresh-token?token={person.Token}", apiKey: person.ApiKey))["access_token"]!.GetValue<string>();
        var fromHeader = (await api.PostAsync("/refresh-token", apiKey: person.ApiKey, token: person.Token))["access_token"]!.GetValue<string>();
        await api.GetAsync($"/get-token-details?token={refreshed}", person.ApiKey);
        await api.PostAsync("/llm/gpt-4o", new { user_input = "Hello", api_key = person.ApiKey, nested = new { token = refreshed } }, token: refreshed);
        await api.UpdateUserAsync(person.Id, ("token", administration), ("comment", "c"));

        var links = await LinksAsync(api, refreshed);

        // Calls that fail are where secrets slip out.
        await api.GetAsync($"/nowhere?token={refreshed}", person.ApiKey, refreshed);
        await api.PostAsync("/admin/create-user", $"{{\"token\": \"{administration}\"", TestPlatform.AdminKey);
        await api.AdministerAsync("/admin/delete-user", ("token", administration), ("id", person.Id.ToString()));
        await api.AdministerAsync("/admin/revoke-tokens", ("token", administration), ("user_id", person.Id.ToString()));
        await api.GetAsync($"/get-token-details?token={refreshed}", "wrong", person.Token);
        return [TestPlatform.AdminKey, administration, person.ApiKey, person.Token, refreshed, fromHeader, .. links, .. await MemberAsync(api)];
    }

    /// <summary>The secrets of somebody who registered, signed in, made a token, changed the password and mistyped a few things.</summary>
    private static async Task<IEnumerable<string>> MemberAsync(Api api)
    {
        const string next = "eight-of-it-may-be-seen-but-no-more-than-that";
        var member = await api.MemberAsync();
        var signedIn = await api.PostAsync("/auth/login", new { email = member.Email, password = Accounts.Password });
        var token = (await api.AsAsync(member.Session, HttpMethod.Post, "/auth/token", new { name = "x" }))["token"]!.GetValue<string>();
        await api.WithAsync(("Cookie", $"access_token={member.Session}"), HttpMethod.Get, $"/auth/me?token={token}");
        await api.AsAsync(member.Session, HttpMethod.Put, "/auth/me/update", new { current_password = next, new_password = Accounts.Password });
        await api.AsAsync(member.Session, HttpMethod.Put, "/auth/me/update", new { current_password = Accounts.Password, new_password = next });
        await api.PostAsync("/auth/register", new { email = member.Email, password = next });
        await api.FormAsync("/auth/login", ("username", member.Email), ("password", next + next));
        await api.PostAsync("/auth/login", $"{{\"username\": \"{member.Email}\", \"password\": \"{next}\"");

        return
        [
            Accounts.Password, next, token, signedIn["refresh_token"]!.GetValue<string>(),
            Signature(member.Session), Signature(signedIn["access_token"]!.GetValue<string>()),
        ];
    }

    /// <summary>The signatures of links that routes issued and that were followed: whoever has one can read the file.</summary>
    private static async Task<IEnumerable<string>> LinksAsync(Api api, string token)
    {
        var file = await api.FileAsync(token, "notes.txt", "Notes");
        var image = await api.PostAsync("/image-generation/dalle3", new { prompt = "A lighthouse" }, token: token);
        string[] links = [await api.FileUrlAsync(token, file), image["image_url"]!.GetValue<string>()];
        foreach (var link in links)
        {
            Assert.That((await api.GetAsync(new Uri(link).PathAndQuery)).Status, Is.EqualTo(System.Net.HttpStatusCode.OK));
        }

        return links.Select(link => link.Split("sig=")[1]);
    }
}
