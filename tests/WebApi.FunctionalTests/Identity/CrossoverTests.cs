using System.Net;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

/// <summary>Whatever credential a person holds identifies that person on every surface, against one ledger.</summary>
public sealed class CrossoverTests(DatabaseProvider database) : PlatformTests(database)
{
    [Test]
    public async Task EachCredential_OnEachSurface_IsTheSamePerson()
    {
        var person = await Api.UserAsync();
        var id = (await Api.GetAsync("/auth/me", person.ApiKey))["id"]!.GetValue<long>();
        var spent = 0;

        foreach (var (kind, header) in await CredentialsAsync(person))
        {
            var balance = await Api.WithAsync(header, HttpMethod.Get, "/check-balance");
            var asked = await Api.WithAsync(header, HttpMethod.Post, "/llm/gpt-4o-mini", new { user_input = "Hello" });
            var openAi = await Api.WithAsync(
                header, HttpMethod.Post, "/v1/chat/completions", """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hi"}]}""");
            var me = await Api.WithAsync(header, HttpMethod.Get, "/auth/me");
            var models = await Api.WithAsync(header, HttpMethod.Get, "/llm/providers");
            spent += 2;

            Assert.That(balance["user_id"]!.GetValue<Guid>(), Is.EqualTo(person.Id), kind);
            Assert.That(asked["user_id"]!.GetValue<Guid>(), Is.EqualTo(person.Id), kind);
            Assert.That(openAi.Headers.GetValues("X-AiPlatform-Balance").Single(), Is.EqualTo($"credits={999 - spent}"), kind);
            Assert.That(me["id"]!.GetValue<long>(), Is.EqualTo(id), kind);
            Assert.That(models.Status, Is.EqualTo(HttpStatusCode.OK), kind);
        }
    }

    [Test]
    public async Task EachCredential_OnceTheAccountIsSwitchedOff_IsRefusedOnEverySurface()
    {
        var person = await Api.UserAsync();
        var credentials = await CredentialsAsync(person);

        await Api.UpdateUserAsync(person.Id, ("active", false));

        foreach (var (kind, header) in credentials)
        {
            foreach (var (method, path) in new[]
            {
                (HttpMethod.Get, "/check-balance"), (HttpMethod.Get, "/auth/me"), (HttpMethod.Get, "/v1/models"), (HttpMethod.Get, "/llm/providers"),
            })
            {
                Assert.That((await Api.WithAsync(header, method, path)).Status, Is.EqualTo(HttpStatusCode.Unauthorized), $"{kind} {path}");
            }
        }
    }

    private async Task<IReadOnlyList<(string Kind, (string Name, string Value) Header)>> CredentialsAsync(Person person)
    {
        await Platform.SetPasswordHashAsync(new Member(0, person.Email, string.Empty), await Platform.HashOfAsync(Api));
        var session = await Api.SignInAsync(person.Email);
        var token = (await Api.AsAsync(session, HttpMethod.Post, "/auth/token", new { name = "x" }))["token"]!.GetValue<string>();
        return
        [
            ("UUID", ("API-Key", person.ApiKey)), ("UUID as bearer", ("Authorization", $"Bearer {person.ApiKey}")),
            ("X-Token", ("X-Token", person.Token)), ("token as bearer", ("Authorization", $"Bearer {person.Token}")),
            ("session token", ("Authorization", $"Bearer {session}")), ("session token as key", ("X-API-Key", session)),
            ("cookie", ("Cookie", $"access_token={session}")), ("sk-", ("Authorization", $"Bearer {token}")), ("sk- as token", ("X-Token", token)),
        ];
    }
}
