using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.Domain.Identity;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Support;

/// <summary>A person who registered by themselves, signed in.</summary>
public sealed record Member(long Number, string Email, string Session);

/// <summary>People who come by the account surface, and its errors.</summary>
public static class Accounts
{
    public const string Password = "a-long-password-1";

    /// <summary>Registers a fresh address and signs in.</summary>
    public static async Task<Member> MemberAsync(this Api api)
    {
        var email = Unique.Email();
        var registered = await api.PostAsync("/auth/register", new { email, password = Password });
        Assert.That(registered.Status, Is.EqualTo(HttpStatusCode.OK), registered.Text);
        return new Member(registered["id"]!.GetValue<long>(), email, await api.SignInAsync(email));
    }

    /// <summary>The session token of a fresh sign-in.</summary>
    public static async Task<string> SignInAsync(this Api api, string username, string password = Password)
    {
        var answer = await api.PostAsync("/auth/login", new { username, password });
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        return answer["access_token"]!.GetValue<string>();
    }

    /// <summary>Sends a call with a bearer token.</summary>
    public static Task<Answer> AsAsync(this Api api, string bearer, HttpMethod method, string path, object? body = null) =>
        api.BearerAsync(method, path, bearer, body);

    /// <summary>Sends a call with a bearer token, or without, and with other headers.</summary>
    public static Task<Answer> BearerAsync(
        this Api api, HttpMethod method, string path, string? bearer, object? body = null, params (string Name, string Value)[] headers) =>
        api.SendAsync(method, path, body, bearer is null ? headers : [("Authorization", $"Bearer {bearer}"), .. headers]);

    /// <summary>Sends a call with one header.</summary>
    public static Task<Answer> WithAsync(this Api api, (string Name, string Value) header, HttpMethod method, string path, object? body = null) =>
        api.SendAsync(method, path, body, [header]);

    private static async Task<Answer> SendAsync(
        this Api api, HttpMethod method, string path, object? body, IEnumerable<(string Name, string Value)> headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        }

        return await api.SendAsync(request);
    }

    /// <summary>Sends a form.</summary>
    public static async Task<Answer> FormAsync(this Api api, string path, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        };
        return await api.SendAsync(request);
    }

    /// <summary>The account of a member, by its UUID.</summary>
    public static Task<Guid> IdOfAsync(this TestPlatform platform, Member member) => platform.QueryAsync(db =>
        db.Set<User>().Where(user => user.Email == member.Email).Select(user => user.Id).SingleAsync());

    /// <summary>What is kept of a member's password.</summary>
    public static Task<string?> PasswordHashAsync(this TestPlatform platform, Member member) => platform.QueryAsync(db =>
        db.Set<User>().Where(user => user.Email == member.Email).Select(user => user.PasswordHash).SingleAsync());

    /// <summary>What is kept of <see cref="Password"/>, as of a member who was just made.</summary>
    public static async Task<string> HashOfAsync(this TestPlatform platform, Api api) => (await platform.PasswordHashAsync(await api.MemberAsync()))!;

    /// <summary>Replaces what is kept of a member's password.</summary>
    public static Task SetPasswordHashAsync(this TestPlatform platform, Member member, string hash) => platform.QueryAsync(db =>
        db.Set<User>().Where(user => user.Email == member.Email).ExecuteUpdateAsync(set => set.SetProperty(user => user.PasswordHash, hash)));

    /// <summary>The refusal of one field, as FastAPI sends it, whole.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="place">Where the field stands: <c>body.limits.reset</c>.</param>
    /// <param name="type">The kind of the fault.</param>
    /// <param name="words">What is wrong.</param>
    public static void AssertFault(this Answer answer, string place, string type, string words)
    {
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.UnprocessableEntity), answer.Text);
        var fault = new JsonObject
        {
            ["loc"] = new JsonArray([.. place.Split('.').Select(name => (JsonNode)name)]),
            ["msg"] = words,
            ["type"] = type,
        };
        Assert.That(JsonNode.DeepEquals(answer.Json, new JsonObject { ["detail"] = new JsonArray(fault) }), Is.True, answer.Text);
    }

    public static void AssertDetail(this Answer answer, HttpStatusCode status, string detail) => answer.AssertDetail((int)status, detail);

    public static void AssertDetail(this Answer answer, int status, string detail)
    {
        Assert.That((int)answer.Status, Is.EqualTo(status), answer.Text);
        Assert.That(JsonNode.DeepEquals(answer.Json, new JsonObject { ["detail"] = detail }), Is.True, answer.Text);
    }
}
