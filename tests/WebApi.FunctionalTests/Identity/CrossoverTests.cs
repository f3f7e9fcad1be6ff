using System.Net;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

/// <summary>Whatever credential a person holds identifies that person on every surface, with one role, against one ledger.</summary>
public sealed class CrossoverTests(DatabaseProvider database) : PlatformTests(database)
{
    private const long Dollar = MeterUnits.PerDollar;

    /// <summary>A route of every surface that needs nothing but a credential.</summary>
    public static IReadOnlyList<(string Surface, HttpMethod Method, string Path)> Routes { get; } =
    [
        ("S0", HttpMethod.Get, "/check-balance"),
        ("S1", HttpMethod.Post, "/query"),
        ("S2", HttpMethod.Get, "/auth/me"),
        ("S3", HttpMethod.Get, "/tokens/balance"),
        ("S4", HttpMethod.Get, "/api/v1/auth/profile"),
        ("OpenAI", HttpMethod.Get, "/v1/models"),
    ];

    [Test]
    public async Task EachCredential_OnEachSurface_IsTheSamePersonWithTheSameRole()
    {
        var person = await Holder.RegisterAsync(Platform, Api);
        var number = (await Api.WithAsync(person.Credentials[0].Header, HttpMethod.Get, "/auth/me"))["id"]!.GetValue<long>();

        foreach (var held in person.Credentials)
        {
            var balance = await Api.WithAsync(held.Header, HttpMethod.Get, "/check-balance");
            var me = await Api.WithAsync(held.Header, HttpMethod.Get, "/auth/me");
            var tokens = await Api.WithAsync(held.Header, HttpMethod.Get, "/tokens/balance");
            var profile = await Api.WithAsync(held.Header, HttpMethod.Get, "/api/v1/auth/profile");
            var models = await Api.WithAsync(held.Header, HttpMethod.Get, "/v1/models");
            var users = await Api.WithAsync(held.Header, HttpMethod.Get, "/api/v1/admin/users");

            Assert.That(balance["user_id"]!.GetValue<Guid>(), Is.EqualTo(person.Id), held.Kind);
            Assert.That((me["id"]!.GetValue<long>(), me["is_admin"]!.GetValue<bool>()), Is.EqualTo((number, false)), held.Kind);
            Assert.That(tokens["user_id"]!.GetValue<Guid>(), Is.EqualTo(person.Id), held.Kind);
            Assert.That(profile["username"]!.GetValue<string>(), Is.EqualTo(person.Username), held.Kind);
            Assert.That(models.Status, Is.EqualTo(HttpStatusCode.OK), held.Kind);
            Assert.That(users.Status, Is.EqualTo(HttpStatusCode.Forbidden), held.Kind);
        }
    }

    [Test]
    public async Task EachSecret_InAnyHeader_IsTheSamePerson()
    {
        var person = await Holder.RegisterAsync(Platform, Api);

        foreach (var held in person.Credentials.Where(held => held.Kind != "cookie"))
        {
            (string, string)[] headers = [("API-Key", held.Secret), ("X-API-Key", held.Secret), ("X-Token", held.Secret), ("Authorization", $"Bearer {held.Secret}")];
            foreach (var header in headers)
            {
                var balance = await Api.WithAsync(header, HttpMethod.Get, "/check-balance");
                var me = await Api.WithAsync(header, HttpMethod.Get, "/auth/me");
                var providers = await Api.WithAsync(header, HttpMethod.Get, "/llm/providers");

                Assert.That(balance["user_id"]!.GetValue<Guid>(), Is.EqualTo(person.Id), $"{held.Kind} in {header.Item1}");
                Assert.That(me["email"]!.GetValue<string>(), Is.EqualTo(person.Email), $"{held.Kind} in {header.Item1}");
                Assert.That(providers.Status, Is.EqualTo(HttpStatusCode.OK), $"{held.Kind} in {header.Item1}");
            }
        }
    }

    [Test]
    public async Task EachCredential_OnEachSurface_PaysFromTheSameLedger()
    {
        var person = await Holder.RegisterAsync(Platform, Api);
        await Api.AdministerAsync(
            "/admin/ledger/grants", ("owner_kind", "user"), ("owner_id", person.Id.ToString()), ("meter", "wallet"), ("amount", Dollar), ("reason", "test"));
        var (credits, tokens, conversations) = (0L, 0L, 0L);
        var granted = (await Api.WithAsync(person.Credentials[0].Header, HttpMethod.Get, "/check-balance"))["current_balance"]!.GetValue<long>();

        foreach (var held in person.Credentials)
        {
            var asked = await Api.WithAsync(held.Header, HttpMethod.Post, "/llm/gpt-4o-mini", new { user_input = "Hello" });
            var completed = await Api.WithAsync(
                held.Header, HttpMethod.Post, "/v1/chat/completions", """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hi"}]}""");
            var queried = await Api.WithAsync(
                held.Header, HttpMethod.Post, "/query", """{"user_query":"Hi","user_input":{"Cost":0.1,"Performance":0.5,"latency":0.5}}""");
            var consumed = await Api.WithAsync(held.Header, HttpMethod.Post, "/tokens/consume", new { amount = 100 });
            var verified = await Api.WithAsync(held.Header, HttpMethod.Post, "/api/v1/auth/verify-key");
            (credits, tokens, conversations) = (credits + 2, tokens + 100, conversations + 1);

            Assert.That(asked["user_id"]!.GetValue<Guid>(), Is.EqualTo(person.Id), held.Kind);
            Assert.That(completed.Headers.GetValues("X-AiPlatform-Balance").Single(), Does.Contain($"credits={granted - credits}"), held.Kind);
            Assert.That(queried.Status, Is.EqualTo(HttpStatusCode.OK), $"{held.Kind}: {queried.Text}");
            Assert.That(consumed["total_used"]!.GetValue<long>(), Is.EqualTo(tokens), held.Kind);
            Assert.That(verified["remaining_conversations"]!.GetValue<long>(), Is.EqualTo(10 - conversations), held.Kind);
        }
    }

    [Test]
    public async Task EachCredential_OnceItIsEnded_IsRefusedOnEverySurface()
    {
        var person = await Holder.RegisterAsync(Platform, Api);

        foreach (var held in person.Credentials)
        {
            await held.EndAsync(Api);
        }

        // What is ended behind the platform's back is noticed within a second.
        await Task.Delay(TimeSpan.FromSeconds(1.05));
        foreach (var held in person.Credentials)
        {
            await Api.AssertRefusedOnEverySurfaceAsync(held);
        }
    }

    [Test]
    public async Task EachCredential_OnceTheAccountIsSwitchedOff_IsRefusedOnEverySurface()
    {
        var person = await Holder.RegisterAsync(Platform, Api);

        await Api.UpdateUserAsync(person.Id, ("active", false));

        foreach (var held in person.Credentials)
        {
            await Api.AssertRefusedOnEverySurfaceAsync(held);
        }
    }
}

/// <summary>One credential against every surface.</summary>
internal static class Crossing
{
    public static async Task AssertRefusedOnEverySurfaceAsync(this Api api, Held held)
    {
        foreach (var (surface, method, path) in CrossoverTests.Routes)
        {
            Assert.That((await api.WithAsync(held.Header, method, path)).Status, Is.EqualTo(HttpStatusCode.Unauthorized), $"{held.Kind} {surface}");
        }
    }

    public static async Task AssertKnownOnEverySurfaceAsync(this Api api, Held held)
    {
        foreach (var (surface, method, path) in CrossoverTests.Routes)
        {
            Assert.That((await api.WithAsync(held.Header, method, path)).Status, Is.Not.EqualTo(HttpStatusCode.Unauthorized), $"{held.Kind} {surface}");
        }
    }
}
