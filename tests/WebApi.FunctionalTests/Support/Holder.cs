using AiPlatform.Application.Identity;
using AiPlatform.Domain.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.WebApi.FunctionalTests.Support;

/// <summary>A credential, the header that carries it, and how it is ended.</summary>
public sealed record Held(string Kind, string Secret, (string Name, string Value) Header, Func<Api, Task> EndAsync)
{
    public override string ToString() => Kind;
}

/// <summary>A person who holds a credential of every kind there is.</summary>
public sealed record Holder(Guid Id, string Email, string Username, IReadOnlyList<Held> Credentials)
{
    public const string Password = "held-password-1";

    /// <summary>Registers as seed 004 documents it, and is given everything that the surfaces hand out.</summary>
    public static async Task<Holder> RegisterAsync(TestPlatform platform, Api api)
    {
        var name = $"h{Unique.Id():N}"[..30];
        var email = $"{name}@example.com";
        var registered = await api.PostAsync("/api/v1/auth/register", new
        {
            username = name,
            name = "Thandi",
            email,
            password = Password,
            confirm_password = Password,
            type = "Personal",
        });
        Assert.That((int)registered.Status, Is.EqualTo(201), registered.Text);
        var session = (await api.PostAsync("/auth/login", new { email, password = Password }))["access_token"]!.GetValue<string>();
        var id = await platform.QueryAsync(db => db.Set<User>().Where(user => user.Email == email).Select(user => user.Id).SingleAsync());
        return new Holder(id, email, name,
        [
            await platform.KeyAsync(id, ApiKeyKind.Uuid, "API-Key"),
            await platform.KeyAsync(id, ApiKeyKind.Hexadecimal, "Authorization"),
            await SkAsync(api, session),
            await SkLiveAsync(api, session),
            Pe(registered["api_key"]!.GetValue<string>(), session),
            await OpaqueAsync(api, registered["api_key"]!.GetValue<string>(), id),
            await SessionAsync(api, email, isCookie: false),
            await SessionAsync(api, email, isCookie: true),
        ]);
    }

    private static async Task<Held> SkAsync(Api api, string session)
    {
        var made = await api.AsAsync(session, HttpMethod.Post, "/auth/token", new { name = "held" });
        return Bearer("sk-", made["token"]!.GetValue<string>(), other => EndedAsync(
            other.AsAsync(session, HttpMethod.Delete, $"/auth/token/{made["id"]!.GetValue<string>()}")));
    }

    private static async Task<Held> SkLiveAsync(Api api, string session)
    {
        var made = await api.AsAsync(session, HttpMethod.Post, "/api/keys", new { name = "held" });
        return Bearer("sk_live_", made["api_key"]!.GetValue<string>(), other => EndedAsync(
            other.AsAsync(session, HttpMethod.Delete, $"/api/keys/{made["id"]!.GetValue<string>()}")));
    }

    private static Held Pe(string key, string session) =>
        Bearer("pe-", key, api => EndedAsync(api.AsAsync(session, HttpMethod.Post, "/api/v1/auth/regenerate-key")));

    private static async Task<Held> OpaqueAsync(Api api, string key, Guid id)
    {
        var token = (await api.GetAsync("/get-token", key))["access_token"]!.GetValue<string>();
        return new Held("opaque token", token, ("X-Token", token), other => EndedAsync(
            other.AdministerAsync("/admin/revoke-tokens", ("user_id", id.ToString()))));
    }

    private static async Task<Held> SessionAsync(Api api, string email, bool isCookie)
    {
        var session = await api.SignInAsync(email, Password);
        return new Held(
            isCookie ? "cookie" : "JWT",
            session,
            isCookie ? ("Cookie", $"access_token={session}") : ("Authorization", $"Bearer {session}"),
            other => EndedAsync(other.AsAsync(session, HttpMethod.Post, "/auth/logout")));
    }

    private static Held Bearer(string kind, string secret, Func<Api, Task> endAsync) =>
        new(kind, secret, ("Authorization", $"Bearer {secret}"), endAsync);

    private static async Task EndedAsync(Task<Answer> ending)
    {
        var answer = await ending;
        Assert.That((int)answer.Status, Is.InRange(200, 299), answer.Text);
    }
}

/// <summary>Keys of forms that their surface does not hand out to everybody.</summary>
public static class HeldKeys
{
    /// <summary>A key, made as the surface that documents its form makes it, and ended as it ends it.</summary>
    public static async Task<Held> KeyAsync(this TestPlatform platform, Guid userId, ApiKeyKind kind, string header)
    {
        var secrets = platform.Services.GetRequiredService<ISecretIssuer>();
        var secret = secrets.NewApiKey(kind);
        var key = new ApiKey(userId, kind, secrets.Hash(secret), platform.Clock.GetUtcNow());
        await platform.QueryAsync(db =>
        {
            db.Add(key);
            return db.SaveChangesAsync();
        });
        return new Held(
            kind is ApiKeyKind.Uuid ? "UUID" : "64 hexadecimal digits",
            secret,
            (header, header is "Authorization" ? $"Bearer {secret}" : secret),
            _ => platform.QueryAsync(async db =>
            {
                (await db.Set<ApiKey>().SingleAsync(known => known.Id == key.Id)).Revoke(platform.Clock.GetUtcNow());
                return await db.SaveChangesAsync();
            }));
    }
}
