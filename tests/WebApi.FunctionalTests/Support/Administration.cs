using System.Text.Json.Nodes;

namespace AiPlatform.WebApi.FunctionalTests.Support;

/// <summary>What an administrator does, with a key and a token as second factor.</summary>
public static class Administration
{
    /// <summary>Posts fields together with a fresh token of the administrator, unless they name one.</summary>
    public static async Task<Answer> AdministerAsync(this Api api, string path, params (string Name, JsonNode? Value)[] fields)
    {
        var body = new JsonObject();
        foreach (var (name, value) in fields)
        {
            body[name] = value;
        }

        if (!body.ContainsKey("token"))
        {
            body["token"] = await api.TokenAsync();
        }

        return await api.PostAsync(path, body, TestPlatform.AdminKey);
    }

    public static Task<Answer> UpdateUserAsync(this Api api, Guid id, params (string Name, JsonNode? Value)[] fields) =>
        api.AdministerAsync("/admin/update-user", [("id", id.ToString()), .. fields]);

    /// <summary>A second administrator.</summary>
    public static async Task<Person> AdministratorAsync(this Api api)
    {
        var person = await api.UserAsync();
        await api.UpdateUserAsync(person.Id, ("scope", 0));
        return person;
    }
}
