using System.Net;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

/// <summary>Somebody who registered by themselves and signed in with their address.</summary>
public sealed record Newcomer(string Email, string Password, string AccessToken, string RefreshToken);

/// <summary>Calls of the surface of seed 003, as its clients make them.</summary>
public static class TokenCalls
{
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
}
