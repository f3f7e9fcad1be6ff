using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Content;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public sealed class NoSecretIsReadableTests(DatabaseProvider database)
{
    [Test]
    public async Task Secrets_WhenAWholeStoryWasTold_AreNeitherInTheDatabaseNorInTheLog()
    {
        await using var platform = await TestPlatform.StartAsync(
            database,
            ("Logging:LogLevel:Default", "Debug"),
            ("Logging:LogLevel:Microsoft", "Debug"),
            ("Logging:LogLevel:Microsoft.EntityFrameworkCore", "Debug"));
        var secrets = await TellAsync(platform.Api());

        var dump = await platform.DumpAsync(database);
        var log = platform.Log.Text;

        // Both places must hold something of the story, or the search proves nothing.
        Assert.That(dump, Does.Contain("/refresh-token").And.Contain("/get-file-url").And.Contain("/image-generation/dalle3"));
        Assert.That(log, Does.Contain("access_tokens"));
        foreach (var secret in secrets)
        {
            // The first eight characters are kept on purpose, to tell secrets apart in a list.
            var kept = secret[8..];
            Assert.That(dump.Contains(kept, StringComparison.OrdinalIgnoreCase), Is.False, "A secret is in the database.");
            Assert.That(log.Contains(kept, StringComparison.OrdinalIgnoreCase), Is.False, "A secret is in the log.");
        }
    }

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

        // Of a session token the head is the same for all; what is secret is its signature.
        return
        [
            Accounts.Password, next, token, signedIn["refresh_token"]!.GetValue<string>(),
            member.Session.Split('.')[2], signedIn["access_token"]!.GetValue<string>().Split('.')[2],
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
