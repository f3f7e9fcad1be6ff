using System.Net;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Identity;

/// <summary>A browser that signs in with Google: it follows no redirect by itself, and keeps the cookie that it is given.</summary>
public sealed class GoogleBrowser(TestPlatform platform)
{
    private readonly Api _api = platform.Api();

    /// <summary>The cookie of the sign-in that is under way.</summary>
    public string? Cookie { get; set; }

    /// <summary>Signs in; the answer is that of the way back.</summary>
    public async Task<Answer> SignInAsync(GoogleServer google, GoogleAccount account, Action<Misbehavior>? misbehave = null)
    {
        var (code, state) = google.SignIn(await SetOutAsync(), account, misbehave);
        return await ComeBackAsync(code, state);
    }

    /// <summary>Begins a sign-in.</summary>
    /// <returns>Where Google signs in.</returns>
    public async Task<Uri> SetOutAsync()
    {
        var answer = await AskAsync("/login/google", "application/json");
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.OK), answer.Text);
        Cookie = answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        return new Uri(answer["url"]!.GetValue<string>());
    }

    /// <summary>Comes back from Google.</summary>
    public Task<Answer> ComeBackAsync(string? code, string? state) =>
        AskAsync($"/auth/google?{string.Join('&', Parameters(("code", code), ("state", state)))}");

    /// <summary>Asks for a path with the cookie.</summary>
    public async Task<Answer> AskAsync(string path, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (Cookie is not null)
        {
            request.Headers.TryAddWithoutValidation("Cookie", Cookie);
        }

        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        return await _api.SendAsync(request);
    }

    private static IEnumerable<string> Parameters(params (string Name, string? Value)[] parameters) =>
        parameters.Where(parameter => parameter.Value is not null).Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}");
}
