using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AiPlatform.Clients.Provider;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.Clients;

/// <summary>A user with a key.</summary>
/// <param name="Id">The user.</param>
/// <param name="ApiKey">What a client sends.</param>
internal sealed record Account(Guid Id, string ApiKey);

/// <summary>
/// The platform itself, as an operator starts it: a process with SQLite in a folder of its own, its providers on loopback. It
/// is administered over HTTP as the README shows.
/// </summary>
internal sealed partial class Platform : IAsyncDisposable
{
    /// <summary>A wallet that no test empties: 1,000 dollars.</summary>
    public const long Plenty = 1_000_000_000_000;

    private const string AdminKey = "0b7d7b46-7f5c-4d2c-9d52-6c1f8f7a1e01";

    private readonly string _folder;
    private readonly ServerProcess _process;
    private readonly HttpClient _http;

    private Platform(string folder, ServerProcess process, Uri address)
    {
        (_folder, _process) = (folder, process);
        _http = new HttpClient { BaseAddress = address };
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => _http.BaseAddress!;

    /// <summary>Its database.</summary>
    public string DatabaseFile => Path.Combine(_folder, "data", "aiplatform.db");

    public static async Task<Platform> StartAsync(ProviderServer provider)
    {
        var folder = Directory.CreateTempSubdirectory("aiplatform-clients-").FullName;
        var process = ServerProcess.Start(
            folder,
            "Development",
            "--Urls=http://127.0.0.1:0",
            $"--Bootstrap:AdminApiKey={AdminKey}",
            "--RateLimits:CredentialsPerMinute=1000",
            $"--Providers:OpenAI:Endpoint={provider.Endpoint}",
            $"--Providers:OpenAI:ApiKey={ProviderServer.Key}",
            $"--Providers:Anthropic:Endpoint={provider.Endpoint}",
            $"--Providers:Anthropic:ApiKey={ProviderServer.Key}");
        var banner = await process.ReadUntilAsync("Is it well?");
        process.IgnoreOutput();
        return new Platform(folder, process, new Uri(ListeningAddress().Match(banner).Groups[1].Value));
    }

    /// <summary>A user whose wallet pays, and nothing else.</summary>
    /// <param name="nanoDollars">What is in the wallet.</param>
    public async Task<Account> CreateAccountAsync(long nanoDollars)
    {
        var name = $"client-{Unique.Id():N}";
        var user = await AdministerAsync(HttpMethod.Post, "/admin/create-user", new JsonObject
        {
            ["user_name"] = name,
            ["user_email"] = $"{name}@example.com",
            ["scope"] = 1,
        });
        var account = new Account(user["user_id"]!.GetValue<Guid>(), user["api_key"]!.GetValue<string>());
        await AdministerAsync(HttpMethod.Post, "/admin/ledger/grants", Owned(
            account, ("meter", "wallet"), ("amount", nanoDollars), ("reason", "Paid by invoice")));
        await AdministerAsync(HttpMethod.Put, "/admin/ledger/funding", Owned(account, ("credits", false), ("wallet", true)));
        return account;
    }

    /// <summary>A user who may ask some models only.</summary>
    public async Task<Account> CreateLimitedAccountAsync(params string[] models)
    {
        var account = await CreateAccountAsync(Plenty);
        await AdministerAsync(HttpMethod.Put, "/admin/model-access", Owned(
            account, ("models", new JsonArray([.. models.Select(model => JsonValue.Create(model))]))));
        return account;
    }

    /// <summary>How a user's wallet stands: <c>granted</c>, <c>held</c>, <c>spent</c>, in nano-USD.</summary>
    public async Task<JsonNode> WalletAsync(Account account)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/admin/ledger/accounts?owner_kind=user&owner_id={account.Id}");
        var standing = await SendAsync(request);
        return standing["accounts"]!.AsArray().Single(each => each!["meter"]!.GetValue<string>() == "wallet")!;
    }

    /// <summary>Reads something that administrators see.</summary>
    public Task<JsonNode> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A change takes a fresh token of the administrator beside the key.</summary>
    public async Task<JsonNode> AdministerAsync(HttpMethod method, string path, JsonObject body)
    {
        body["token"] = (await GetAsync("/get-token"))["access_token"]!.DeepClone();
        return await SendAsync(new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) });
    }

    private static JsonObject Owned(Account account, params (string Name, JsonNode? Value)[] fields)
    {
        var body = new JsonObject { ["owner_kind"] = "user", ["owner_id"] = account.Id.ToString() };
        foreach (var (name, value) in fields)
        {
            body[name] = value;
        }

        return body;
    }

    private async Task<JsonNode> SendAsync(HttpRequestMessage request)
    {
        using var sent = request;
        sent.Headers.Add("API-Key", AdminKey);
        using var response = await _http.SendAsync(sent);
        var text = await response.Content.ReadAsStringAsync();
        Assert.That(response.IsSuccessStatusCode, Is.True, $"{request.RequestUri} answered {(int)response.StatusCode}: {text}");
        return JsonNode.Parse(text)!;
    }

    [GeneratedRegex(@"(http://127\.0\.0\.1:\d+)")]
    private static partial Regex ListeningAddress();
}
