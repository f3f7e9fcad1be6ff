using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using AiPlatform.WebApi.FunctionalTests.Metering;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Shared.Swagger;

/// <summary>
/// Sends documented calls as the administrator. What a document cannot know takes the place of its example: a token, ids of
/// things that exist, names that nobody has. Everything else is sent as it is written.
/// </summary>
internal sealed class DocumentedCalls(TestPlatform platform, Api api)
{
    public async Task<Answer> SendAsync(DocumentedRoute route, JsonObject body)
    {
        var token = await api.TokenAsync();
        var path = route.Path;
        if (path == "/rag/query" || path == "/rag-query")
        {
            await IndexAsync(token);
        }

        if (path.Contains("{id}", StringComparison.Ordinal))
        {
            path = path.Replace("{id}", await IndexAsync(token), StringComparison.Ordinal);
        }

        if (path.Contains("{hold_id}", StringComparison.Ordinal))
        {
            path = path.Replace("{hold_id}", $"{await Money.DisputedAsync(platform)}", StringComparison.Ordinal);
        }

        foreach (var (field, value) in body.ToList())
        {
            if (value?.ToJsonString() == route.Body!["properties"]![field]!["example"]?.ToJsonString()
                && await KnownAsync(field, token) is { } known)
            {
                body[field] = known;
            }
        }

        return await api.SendAsync(new HttpMethod(route.Method), path, body, TestPlatform.AdminKey, token);
    }

    private async Task<string?> KnownAsync(string field, string token) => field switch
    {
        "token" => token,
        "user_id" or "id" => await UserAsync(token),
        "file_id" => await UploadAsync(token),
        "endpoint_id" => await EndpointAsync(token),
        "endpoint_path" => Unique.Path(),
        "user_email" => $"{Unique.Id():N}@example.com",
        _ => null,
    };

    // Without tokens, so that the account can be deleted too.
    private async Task<string> UserAsync(string token)
    {
        var id = (await api.UserAsync()).Id.ToString("D");
        await api.PostAsync("/admin/revoke-tokens", new { token, user_id = id }, TestPlatform.AdminKey);
        return id;
    }

    private async Task<string> EndpointAsync(string token)
    {
        var added = await api.PostAsync(
            "/admin/add-endpoint", new { token, endpoint_path = Unique.Path(), endpoint_name = "documented" }, TestPlatform.AdminKey);
        return added["endpoint_id"]!.GetValue<string>();
    }

    private async Task<string> IndexAsync(string token)
    {
        var indexed = await api.PostAsync(
            "/admin/rag/documents", new { token, file_id = await UploadAsync(token) }, TestPlatform.AdminKey);
        return indexed["document_id"]!.GetValue<string>();
    }

    private async Task<string> UploadAsync(string token)
    {
        using var file = new StringContent("The notice period is thirty days.");
        file.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        using var form = new MultipartFormDataContent { { file, "files", "notice.txt" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/upload-file") { Content = form };
        request.Headers.Add("X-Token", token);
        return (await api.SendAsync(request))["uploaded_files"]![0]!["file_id"]!.GetValue<string>();
    }
}
