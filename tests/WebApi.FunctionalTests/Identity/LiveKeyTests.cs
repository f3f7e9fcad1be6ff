using System.Net;
using AiPlatform.Domain.Identity;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Metering;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

/// <summary>API keys of the form <c>sk_live_…</c>.</summary>
public sealed class LiveKeyTests(DatabaseProvider database) : PlatformTests(database)
{
    [Test]
    public async Task Create_AnswersTheKeyOnceAndTheKeyIdentifiesItsPersonEverywhere()
    {
        var person = await Api.NewcomerAsync();

        var created = await CreateAsync(person, new { name = "My key", expires_in_days = 90 });

        Assert.That(
            created.Json.AsObject().Select(member => member.Key),
            Is.EqualTo(new[] { "id", "name", "api_key", "key_preview", "created_at", "expires_at" }), created.Text);
        var key = created["api_key"]!.GetValue<string>();
        Assert.That(key, Does.Match("^sk_live_[A-Za-z0-9]{32}$"));
        Assert.That(created["key_preview"]!.GetValue<string>(), Is.EqualTo($"{key[..12]}..."));
        Assert.That(
            created["expires_at"]!.GetValue<DateTimeOffset>() - created["created_at"]!.GetValue<DateTimeOffset>(), Is.EqualTo(TimeSpan.FromDays(90)));
        var byKey = await Api.BearerAsync(HttpMethod.Get, "/users/me", key);
        var elsewhere = await Api.GetAsync("/check-balance", key);
        Assert.That(byKey["email"]!.GetValue<string>(), Is.EqualTo(person.Email));
        Assert.That(elsewhere["user_email"]!.GetValue<string>(), Is.EqualTo(person.Email), elsewhere.Text);
        var kept = await Platform.QueryAsync(db => db.Set<ApiKey>().SingleAsync(row => row.Id == created["id"]!.GetValue<Guid>()));
        Assert.That((kept.Prefix, kept.SealedSecret), Is.EqualTo((key[..12], (string?)null)));
    }

    [Test]
    public async Task List_ShowsOwnKeysWithoutTheirSecrets()
    {
        var (person, other) = (await Api.NewcomerAsync(), await Api.NewcomerAsync());
        var created = await CreateAsync(person, new { name = "One" });
        await CreateAsync(other, new { name = "Another's" });

        var listed = await Api.BearerAsync(HttpMethod.Get, "/api/keys/", person.AccessToken);

        Assert.That(listed.Json.AsArray().Select(key => key!["name"]!.GetValue<string>()), Is.EqualTo(new[] { "One" }));
        Assert.That(
            listed.Json[0]!.AsObject().Select(member => member.Key),
            Is.EqualTo(new[] { "id", "name", "key_preview", "is_active", "created_at", "expires_at" }));
        Assert.That(listed.Text, Does.Not.Contain(created["api_key"]!.GetValue<string>()));
    }

    [Test]
    public async Task Validate_TellsWhoseTheKeyIs()
    {
        var person = await Api.NewcomerAsync();
        var key = (await CreateAsync(person, new { name = "k" }))["api_key"]!.GetValue<string>();
        var userId = (await Api.BearerAsync(HttpMethod.Get, "/users/me", person.AccessToken))["id"]!.GetValue<string>();

        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/keys/validate");
        request.Headers.Add("X-API-Key", key);
        var valid = await Api.SendAsync(request);

        Assert.That(valid.Text, Is.EqualTo($$"""{"valid":true,"user_id":"{{userId}}"}"""));
        (await Api.GetAsync("/api/keys/validate", key[..^1] + (key[^1] == 'a' ? 'b' : 'a'))).AssertDetail(HttpStatusCode.Unauthorized, "Could not validate credentials");
        (await Api.GetAsync("/api/keys/validate")).AssertDetail(HttpStatusCode.Unauthorized, "Could not validate credentials");
        (await Api.BearerAsync(HttpMethod.Get, "/api/keys/validate", person.AccessToken)).AssertDetail(HttpStatusCode.Unauthorized, "Could not validate credentials");
    }

    [Test]
    public async Task Revoke_RefusesTheKeyEverywhereAtOnce()
    {
        var person = await Api.NewcomerAsync();
        var created = await CreateAsync(person, new { name = "k" });
        var key = created["api_key"]!.GetValue<string>();
        await Api.BearerAsync(HttpMethod.Get, "/tokens/balance", key);

        var revoked = await Api.BearerAsync(HttpMethod.Delete, $"/api/keys/{created["id"]}", person.AccessToken);

        Assert.That(revoked.Text, Is.EqualTo($$"""{"message":"API key revoked successfully","key_id":"{{created["id"]}}"}"""));
        (await Api.BearerAsync(HttpMethod.Get, "/tokens/balance", key)).AssertDetail(HttpStatusCode.Unauthorized, "Could not validate credentials");
        (await Api.BearerAsync(HttpMethod.Delete, $"/api/keys/{created["id"]}", person.AccessToken))
            .AssertDetail(HttpStatusCode.NotFound, "API key not found or access denied");
    }

    [Test]
    public async Task Revoke_OfAnothersKeyOrOfNone_IsNotFound()
    {
        var (person, other) = (await Api.NewcomerAsync(), await Api.NewcomerAsync());
        var created = await CreateAsync(other, new { name = "k" });

        foreach (var id in (string[])[created["id"]!.GetValue<string>(), Unique.Id().ToString("D"), "7", "x y"])
        {
            (await Api.BearerAsync(HttpMethod.Delete, $"/api/keys/{id}", person.AccessToken))
                .AssertDetail(HttpStatusCode.NotFound, "API key not found or access denied");
        }
    }

    [TestCase("{}", "body.name", "missing", "Field required")]
    [TestCase("""{"name":""}""", "body.name", "value_error", "Input should be a string of 1 to 100 characters without control characters")]
    [TestCase("""{"name":5}""", "body.name", "string_type", "Input should be a valid string")]
    [TestCase("""{"name":"k","expires_in_days":0}""", "body.expires_in_days", "greater_than_equal", "Input should be greater than or equal to 1")]
    [TestCase("""{"name":"k","expires_in_days":3651}""", "body.expires_in_days", "less_than_equal", "Input should be less than or equal to 3650")]
    [TestCase("""{"name":"k","expires_in_days":"9"}""", "body.expires_in_days", "int_type", "Input should be a valid integer")]
    public async Task Create_WithAWrongField_IsRefused(string body, string place, string type, string words) =>
        (await CreateAsync(await Api.NewcomerAsync(), body)).AssertFault(place, type, words);

    [Test]
    public async Task Create_WhenThereAreTooMany_IsRefused()
    {
        var person = await Api.NewcomerAsync();
        for (var count = 0; count < 100; count++)
        {
            Assert.That((await CreateAsync(person, new { name = "k" })).Status, Is.EqualTo(HttpStatusCode.OK));
        }

        (await CreateAsync(person, new { name = "k" })).AssertDetail(
            HttpStatusCode.Conflict, "There are 100 API keys already. Revoke one that is not used any more.");
    }

    [Test]
    public async Task Keys_WithoutACredential_AreRefused()
    {
        foreach (var (method, path) in new[] { (HttpMethod.Get, "/api/keys/"), (HttpMethod.Post, "/api/keys/"), (HttpMethod.Delete, $"/api/keys/{Unique.Id()}") })
        {
            (await Api.SendAsync(method, path, null, null, null)).AssertDetail(HttpStatusCode.Unauthorized, "Could not validate credentials");
        }
    }

    [Test]
    public async Task Key_WhoseTimeIsOver_IsRefused()
    {
        await using var platform = await TestPlatform.StartAsync(Database);
        var api = platform.Api();
        var person = await api.NewcomerAsync();
        var key = (await api.BearerAsync(HttpMethod.Post, "/api/keys/", person.AccessToken, new { name = "k", expires_in_days = 1 }))["api_key"]!.GetValue<string>();
        var stays = (await api.BearerAsync(HttpMethod.Post, "/api/keys/", person.AccessToken, new { name = "s" }))["api_key"]!.GetValue<string>();

        platform.Clock.Advance(TimeSpan.FromDays(1));

        (await api.BearerAsync(HttpMethod.Get, "/tokens/balance", key)).AssertDetail(HttpStatusCode.Unauthorized, "Could not validate credentials");
        var listed = await api.BearerAsync(HttpMethod.Get, "/api/keys/", stays);
        Assert.That(listed.Json.AsArray().Select(row => row!["is_active"]!.GetValue<bool>()), Is.EqualTo(new[] { false, true }));
    }

    private Task<Answer> CreateAsync(Newcomer person, object body) => Api.BearerAsync(HttpMethod.Post, "/api/keys/", person.AccessToken, body);
}
