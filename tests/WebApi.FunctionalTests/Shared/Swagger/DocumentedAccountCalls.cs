using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AiPlatform.WebApi.FunctionalTests.Metering;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Shared.Swagger;

/// <summary>Sends the documented calls of the account surface, whose ids are numbers and whose callers are people.</summary>
internal sealed partial class DocumentedAccountCalls(TestPlatform platform, Api api)
{
    private static readonly string[] Surfaces = ["/auth/", "/users", "/teams"];

    /// <summary>Whether a route belongs to the surface.</summary>
    public static bool Has(DocumentedRoute route) => Array.Exists(Surfaces, route.Path.StartsWith);

    public async Task<Answer> SendAsync(DocumentedRoute route, JsonObject body)
    {
        var member = await api.MemberAsync();
        var team = route.Path.Contains("team", StringComparison.Ordinal) || body.ContainsKey("team_id") ? await TeamAsync() : 0;
        foreach (var (field, value) in body.ToList())
        {
            if (value?.ToJsonString() == route.Body!["properties"]![field]?["example"]?.ToJsonString()
                && await KnownAsync(route.Path, field, member, team) is { } known)
            {
                body[field] = known;
            }
        }

        var path = route.Path.Replace("{user_id}", $"{member.Number}", StringComparison.Ordinal).Replace("{team_id}", $"{team}", StringComparison.Ordinal);
        var caller = path == "/auth/me/update" ? member.Session : TestPlatform.AdminKey;
        return await api.AsAsync(caller, new HttpMethod(route.Method), path, body);
    }

    private async Task<JsonNode?> KnownAsync(string path, string field, Member member, int team) => (path, field) switch
    {
        ("/auth/login" or "/auth/login-json", "username") => member.Email,
        ("/auth/sign-in", "username") => member.Email,
        ("/auth/sign-in", "verification_code") => await CodeAsync(member.Email),
        ("/auth/refresh", "refresh_token") => (await api.NewcomerAsync()).RefreshToken,
        ("/auth/register", "username") => Unique.Handle(),
        (_, "email" or "admin_email") => Unique.Email(),
        ("/teams" or "/teams/{team_id}", "name") => Unique.Handle(),
        (_, "team_id") => team,
        _ => null,
    };

    private async Task<int> TeamAsync() => (await api.AsAsync(
        TestPlatform.AdminKey, HttpMethod.Post, "/teams", new { name = Unique.Handle(), admin_email = Unique.Email() }))["id"]!.GetValue<int>();

    private async Task<string> CodeAsync(string email)
    {
        await api.PostAsync("/auth/validate-email", new { email });
        var text = platform.Log.Text;
        return SixDigits().Match(text[text.IndexOf($"the mail to {email}", StringComparison.Ordinal)..]).Groups[1].Value;
    }

    [GeneratedRegex(@"code is (\d{6})")]
    private static partial Regex SixDigits();
}
