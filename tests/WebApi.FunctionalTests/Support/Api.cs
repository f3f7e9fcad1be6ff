using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiPlatform.WebApi.FunctionalTests.Support;

/// <summary>An answer, with its body read as JSON where it is JSON.</summary>
public sealed record Answer(HttpStatusCode Status, string Text, HttpResponseHeaders Headers)
{
    public JsonNode Json => JsonNode.Parse(Text) ?? throw new InvalidOperationException("The body is null.");

    public JsonNode? this[string name] => Json[name];
}

/// <summary>A client as the documentation describes one.</summary>
public sealed class Api(HttpClient http)
{
    public HttpClient Http { get; } = http;

    public Task<Answer> GetAsync(string path, string? apiKey = null, string? token = null) =>
        SendAsync(HttpMethod.Get, path, null, apiKey, token);

    public Task<Answer> PostAsync(string path, object? body = null, string? apiKey = null, string? token = null) =>
        SendAsync(HttpMethod.Post, path, body, apiKey, token);

    public Task<Answer> PutAsync(string path, object? body = null, string? apiKey = null, string? token = null) =>
        SendAsync(HttpMethod.Put, path, body, apiKey, token);

    public Task<Answer> DeleteAsync(string path, object? body = null, string? apiKey = null, string? token = null) =>
        SendAsync(HttpMethod.Delete, path, body, apiKey, token);

    /// <summary>Sends a body: a string or bytes as they are, anything else as JSON.</summary>
    public async Task<Answer> SendAsync(HttpMethod method, string path, object? body, string? apiKey, string? token)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body switch
        {
            null => null,
            string text => new StringContent(text, Encoding.UTF8, "application/json"),
            byte[] bytes => new ByteArrayContent(bytes),
            _ => new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"),
        };
        if (apiKey is not null)
        {
            request.Headers.TryAddWithoutValidation("API-Key", apiKey);
        }

        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Token", token);
        }

        return await SendAsync(request);
    }

    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using var response = await Http.SendAsync(request);
        var answer = new Answer(response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers);
        Documentation.AssertLists(request.Method, new Uri(Http.BaseAddress!, request.RequestUri!).AbsolutePath, answer);
        return answer;
    }

    /// <summary>A fresh access token of the key's holder.</summary>
    public async Task<string> TokenAsync(string apiKey = TestPlatform.AdminKey) =>
        (await GetAsync("/get-token", apiKey))["access_token"]!.GetValue<string>();

    /// <summary>A fresh user with an e-mail address of its own.</summary>
    public async Task<Person> UserAsync(int tier = 1)
    {
        var name = $"user-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}";
        var answer = await PostAsync(
            "/admin/create-user",
            new { token = await TokenAsync(), user_name = name, user_email = $"{name}@example.com", scope = tier },
            TestPlatform.AdminKey);
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.Created), answer.Text);
        var apiKey = answer["api_key"]!.GetValue<string>();
        return new Person(answer["user_id"]!.GetValue<Guid>(), name, $"{name}@example.com", apiKey, await TokenAsync(apiKey));
    }
}

/// <summary>A user with a key and a token.</summary>
public sealed record Person(Guid Id, string Name, string Email, string ApiKey, string Token);
