using System.Text.Json.Nodes;
using AiPlatform.WebApi.FunctionalTests.Identity;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Shared.Swagger;

/// <summary>Sends the documented calls of the surface of seed 004, whose people have names.</summary>
internal sealed class DocumentedPersonCalls(Api api)
{
    public const string AdminName = "documented_admin";
    public const string AdminPassword = "documented-password-7";

    /// <summary>Whether a route belongs to the surface.</summary>
    public static bool Has(DocumentedRoute route) => route.Path.StartsWith("/api/v1/", StringComparison.Ordinal);

    public async Task<Answer> SendAsync(DocumentedRoute route, JsonObject body)
    {
        var person = await api.RegisterAsync();
        var staff = route.Path.StartsWith("/api/v1/staff", StringComparison.Ordinal) ? await api.StaffAsync("advanced") : person;
        foreach (var (field, value) in body.ToList())
        {
            if (value?.ToJsonString() == route.Body!["properties"]![field]?["example"]?.ToJsonString() && Known(route.Path, field, person, staff) is { } known)
            {
                body[field] = known;
            }
        }

        // Two routes stretch the same address.
        if (body["email"] is JsonValue address && address.ToString() is { Length: 255 } longest && longest.Contains('@', StringComparison.Ordinal))
        {
            body["email"] = $"{Unique.Id():N}{longest[32..]}";
        }

        // A password is repeated as it is.
        foreach (var (password, repeated) in new[] { ("password", "confirm_password"), ("new_password", "confirm_new_password") })
        {
            if (body.ContainsKey(repeated) && body[password] is JsonValue set && body[repeated]!.ToJsonString() == route.Body!["properties"]![repeated]!["example"]!.ToJsonString())
            {
                body[repeated] = set.DeepClone();
            }
        }

        var path = route.Path.Replace("{username}", person.Username, StringComparison.Ordinal);
        return await api.AsAsync(CallerOf(route.Path, person), new HttpMethod(route.Method), path, body);
    }

    private static string CallerOf(string path, Registered person) => path switch
    {
        "/api/v1/auth/log-message" => person.ApiKey,
        _ when path.StartsWith("/api/v1/auth/", StringComparison.Ordinal) => person.Session,
        _ => TestPlatform.AdminKey,
    };

    private static JsonNode? Known(string path, string field, Registered person, Registered staff) => (path, field) switch
    {
        ("/api/v1/auth/login", "email") => person.Email,
        ("/api/v1/auth/login", "password") => People.Password,
        ("/api/v1/auth/password", "current_password") => People.Password,
        ("/api/v1/admin/login", "username") => AdminName,
        ("/api/v1/admin/login", "password") => AdminPassword,
        ("/api/v1/staff/login", "username") => staff.Username,
        ("/api/v1/staff/login", "password") => "support123",
        (_, "username") => People.NewName(),
        (_, "email") => Unique.Email(),
        _ => null,
    };
}
