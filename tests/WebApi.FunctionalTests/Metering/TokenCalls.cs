using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

/// <summary>Somebody who registered by themselves and signed in with their address.</summary>
public sealed record Newcomer(string Email, string Password, string AccessToken, string RefreshToken);

/// <summary>Calls of the surface of seed 003, as its clients make them.</summary>
public static class TokenCalls
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task<Newcomer> NewcomerAsync(this Api api)
    {
        var (email, password) = ($"{Unique.Id():N}@example.com", "a-long-password-1");
        var registered = await api.PostAsync("/auth/register", new { email, password });
        Assert.That(registered.Status, Is.EqualTo(HttpStatusCode.OK), registered.Text);
        var signedIn = await api.PostAsync("/auth/login", new { email, password });
        Assert.That(signedIn.Status, Is.EqualTo(HttpStatusCode.OK), signedIn.Text);
        return new Newcomer(
            email, password, signedIn["access_token"]!.GetValue<string>(), signedIn["refresh_token"]!.GetValue<string>());
    }

    /// <summary>Sends a call with a bearer secret.</summary>
    public static async Task<Answer> BearerAsync(
        this Api api, HttpMethod method, string path, string secret, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        }

        return await api.SendAsync(request);
    }

    /// <summary>Asserts an error of the surface, whole.</summary>
    public static void AssertDetail(this Answer answer, HttpStatusCode status, string detail) => Assert.That(
        (answer.Status, answer.Text), Is.EqualTo((status, JsonSerializer.Serialize(new { detail }, Plain))));
}
