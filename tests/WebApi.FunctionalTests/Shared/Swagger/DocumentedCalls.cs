using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using AiPlatform.WebApi.FunctionalTests.Metering;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Shared.Swagger;

/// <summary>
/// Sends documented calls as the administrator. What a document cannot know takes the place of its example: a token, ids of
/// things that exist, names that nobody has. Everything else is sent as it is written.
/// </summary>
internal sealed class DocumentedCalls(TestPlatform platform, Api api, Api? sender = null)
{
    // Sends what is documented; what has to be there before it comes by the other.
    private readonly Api _sender = sender ?? api;

    private Func<Task<Answer>>? _again;

    // Nobody else's, and the same however often the call is sent.
    private readonly string _keyName = $"k-{Unique.Id():N}";

    /// <summary>Sends the last call again, as it was.</summary>
    public Task<Answer> SendAgainAsync() => _again?.Invoke() ?? throw new InvalidOperationException("Nothing was sent yet.");

    public async Task<Answer> SendAsync(DocumentedRoute route, JsonObject body)
    {
        _again = () => SendAsync(route, DocumentedFields.Example(route));
        if (DocumentedAccountCalls.Has(route))
        {
            return await new DocumentedAccountCalls(platform, _sender).SendAsync(route, body);
        }

        if (DocumentedPersonCalls.Has(route))
        {
            return await new DocumentedPersonCalls(_sender).SendAsync(route, body);
        }

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

        if (path.Contains("{model_id}", StringComparison.Ordinal))
        {
            path = path.Replace("{model_id}", await ModelAsync(token), StringComparison.Ordinal);
        }

        if (path is "/query" or "/generate-api")
        {
            await FillWalletAsync(token);
        }

        if (path.Contains("{api_name}", StringComparison.Ordinal))
        {
            path = path.Replace("{api_name}", await NamedKeyAsync(token), StringComparison.Ordinal);
        }

        var caller = path.StartsWith("/subscriptions/", StringComparison.Ordinal) ? await SubscriberAsync(path) : TestPlatform.AdminKey;
        var owner = body.ContainsKey("owner_id") ? await OwnerAsync(route, body, token) : null;
        foreach (var (field, value) in body.ToList())
        {
            if (value?.ToJsonString() == route.Body!["properties"]![field]?["example"]?.ToJsonString()
                && (field == "owner_id" ? owner : field == "api_key_id" ? await CachedKeyAsync(route, token) : await KnownAsync(route, field, token)) is { } known)
            {
                body[field] = known;
            }
        }

        _again = () => _sender.SendAsync(new HttpMethod(route.Method), path, body, caller, caller == TestPlatform.AdminKey ? token : null);
        return await _again();
    }

    private async Task FillWalletAsync(string token)
    {
        var administrator = (await api.GetAsync("/check-balance", TestPlatform.AdminKey))["user_id"]!.GetValue<string>();
        await PutAsync(HttpMethod.Post, "/admin/ledger/grants", token, ("owner_kind", "user"), ("owner_id", administrator), ("meter", "wallet"), ("amount", 2_000_000_000), ("reason", "documented"));
    }

    private async Task<string> NamedKeyAsync(string token)
    {
        await FillWalletAsync(token);
        var name = $"k-{Unique.Id():N}";
        var generated = await api.PostAsync("/generate-api", new { api_name = name }, TestPlatform.AdminKey);
        Assert.That((int)generated.Status, Is.EqualTo(200), generated.Text);
        return name;
    }

    /// <summary>Somebody who is on a paid plan where the route leaves one.</summary>
    private async Task<string> SubscriberAsync(string path)
    {
        var person = await api.UserAsync();
        if (path.EndsWith("/downgrade", StringComparison.Ordinal))
        {
            await api.PostAsync("/subscriptions/subscribe", new { plan_name = "pro" }, person.ApiKey);
        }

        return person.ApiKey;
    }

    private async Task<JsonNode?> KnownAsync(DocumentedRoute route, string field, string token) => field switch
    {
        "token" when route.Path == "/wallet/recharge" => null,
        "token" => token,
        "user_id" when route.ToString() == "DELETE /admin/endpoint-access" => await ListedUserAsync(token),
        "endpoint_ids" => new JsonArray(await EndpointAsync(token)),
        "refresh_token" => (await api.NewcomerAsync()).RefreshToken,
        "user_id" or "id" => await UserAsync(token),
        "file_id" => await UploadAsync(token),
        "endpoint_id" => await EndpointAsync(token),
        "endpoint_path" => Unique.Path(),
        "user_email" => $"{Unique.Id():N}@example.com",
        "team_id" => (await api.AdministerAsync("/admin/create-team", ("team_name", $"{Unique.Id():N}")))["team_id"]!.GetValue<string>(),
        "name" => $"m-{Unique.Id():N}",
        "api_name" => _keyName,
        "aliases" => new JsonArray($"a-{Unique.Id():N}"),
        "team_name" => $"{Unique.Id():N}",
        "effective_from" => DateTimeOffset.UnixEpoch.AddYears(100).AddTicks(10 * Random.Shared.NextInt64(10_000_000_000)).ToString("O"),
        _ => null,
    };

    /// <summary>A user or their key, with what the route removes or takes back.</summary>
    private async Task<string> OwnerAsync(DocumentedRoute route, JsonObject body, string token)
    {
        var user = (await api.UserAsync()).Id.ToString("D");
        await PutAsync(HttpMethod.Post, "/admin/ledger/grants", token, ("owner_kind", "user"), ("owner_id", user), ("meter", "wallet"), ("amount", 1), ("reason", "documented"));
        var isKey = body["owner_kind"]?.ToString() == "api_key";
        var standing = await api.GetAsync($"/admin/ledger/accounts?owner_kind=user&owner_id={user}", TestPlatform.AdminKey);
        var (kind, owner) = isKey ? ("api_key", standing["api_keys"]![0]!["key_id"]!.GetValue<string>()) : ("user", user);
        if (route.Method == "DELETE")
        {
            await PutAsync(HttpMethod.Put, "/admin/ledger/limits", token, ("owner_kind", kind), ("owner_id", owner), ("meter", isKey ? "key_budget" : "tokens"), ("amount", 1));
            await PutAsync(HttpMethod.Put, "/admin/model-access", token, ("owner_kind", kind), ("owner_id", owner), ("models", new JsonArray("gpt-4o")));
            await PutAsync(HttpMethod.Put, "/admin/ledger/funding", token, ("owner_kind", kind), ("owner_id", owner), ("credits", true), ("wallet", true));
        }

        return owner;
    }

    /// <summary>A key, whose cache is on where the route switches it off.</summary>
    private async Task<string> CachedKeyAsync(DocumentedRoute route, string token)
    {
        var user = (await api.UserAsync()).Id.ToString("D");
        var standing = await api.GetAsync($"/admin/ledger/accounts?owner_kind=user&owner_id={user}", TestPlatform.AdminKey);
        var key = standing["api_keys"]![0]!["key_id"]!.GetValue<string>();
        if (route.Method == "DELETE")
        {
            await PutAsync(HttpMethod.Put, "/admin/caching", token, ("api_key_id", key), ("lifetime_seconds", 60));
        }

        return key;
    }

    private async Task PutAsync(HttpMethod method, string path, string token, params (string Name, JsonNode? Value)[] fields)
    {
        var request = new JsonObject { ["token"] = token };
        foreach (var (name, value) in fields)
        {
            request[name] = value;
        }

        var answer = await api.SendAsync(method, path, request, TestPlatform.AdminKey, token: null);
        Assert.That((int)answer.Status, Is.EqualTo(200), answer.Text);
    }

    // Without tokens, so that the account can be deleted too.
    private async Task<string> UserAsync(string token)
    {
        var id = (await api.UserAsync()).Id.ToString("D");
        await api.PostAsync("/admin/revoke-tokens", new { token, user_id = id }, TestPlatform.AdminKey);
        return id;
    }

    /// <summary>A user with a list of endpoints.</summary>
    private async Task<string> ListedUserAsync(string token)
    {
        var id = await UserAsync(token);
        await PutAsync(HttpMethod.Put, "/admin/endpoint-access", token, ("user_id", id), ("mode", "deny"), ("endpoint_ids", new JsonArray(await EndpointAsync(token))));
        return id;
    }

    private async Task<string> EndpointAsync(string token)
    {
        var added = await api.PostAsync(
            "/admin/add-endpoint", new { token, endpoint_path = Unique.Path(), endpoint_name = "documented" }, TestPlatform.AdminKey);
        return added["endpoint_id"]!.GetValue<string>();
    }

    private async Task<string> ModelAsync(string token)
    {
        var added = await api.PostAsync(
            "/admin/models", new { token, name = $"m-{Unique.Id():N}", family = "documented", capabilities = new[] { "chat" } }, TestPlatform.AdminKey);
        return added["model_id"]!.GetValue<string>();
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
