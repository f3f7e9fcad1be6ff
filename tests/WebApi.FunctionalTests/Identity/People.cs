using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

/// <summary>A person who registered as seed 004 documents it.</summary>
internal sealed record Registered(string Username, string Email, string ApiKey, string Session);

/// <summary>Calls of the surface of seed 004.</summary>
internal static class People
{
    public const string Password = "password123";

    private static int _last;

    public static string NewName() => $"p{Environment.ProcessId}_{Interlocked.Increment(ref _last)}";

    public static object Registration(string name, object? changes = null)
    {
        var body = JsonSerializer.SerializeToNode(new
        {
            username = name,
            name = "John Doe",
            email = $"{name}@example.com",
            password = Password,
            confirm_password = Password,
            type = "Personal",
        })!.AsObject();
        foreach (var (key, value) in JsonSerializer.SerializeToNode(changes ?? new { })!.AsObject())
        {
            body[key] = value?.DeepClone();
        }

        return body;
    }

    public static async Task<Registered> RegisterAsync(this Api api)
    {
        var name = NewName();
        var answer = await api.PostAsync("/api/v1/auth/register", Registration(name));
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Created), answer.Text);
        var session = await api.LoginAsync("/api/v1/auth/login", new { email = $"{name}@example.com", password = Password });
        return new Registered(name, $"{name}@example.com", answer["api_key"]!.GetValue<string>(), session);
    }

    public static async Task<string> LoginAsync(this Api api, string path, object body)
    {
        var answer = await api.PostAsync(path, body);
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        return answer["access_token"]!.GetValue<string>();
    }

    /// <summary>A member of the staff, signed in.</summary>
    public static async Task<Registered> StaffAsync(this Api api, string level)
    {
        var name = NewName();
        var created = await api.BearerAsync(
            HttpMethod.Post,
            "/api/v1/admin/staff",
            TestPlatform.AdminKey,
            new { name = "Support User", username = name, email = $"{name}@example.com", password = "support123", staff_level = level });
        Assert.That(created.Status, Is.EqualTo(HttpStatusCode.Created), created.Text);
        var session = await api.LoginAsync("/api/v1/staff/login", new { username = name, password = "support123" });
        return new Registered(name, $"{name}@example.com", string.Empty, session);
    }

    public static Task<Answer> VerifyAsync(this Api api, string key) => api.BearerAsync(HttpMethod.Post, "/api/v1/auth/verify-key", key);

    public static void AssertMessage(this Answer answer, string message)
    {
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Assert.That(JsonNode.DeepEquals(answer.Json, new JsonObject { ["message"] = message }), Is.True, answer.Text);
    }
}
