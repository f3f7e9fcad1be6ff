using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using AiPlatform.Infrastructure.Shared;

namespace AiPlatform.Load.Processes;

/// <summary>The real server, as it is deployed, with everything that a load needs already in its database.</summary>
internal sealed class PlatformProcess
{
    /// <summary>The route that is driven.</summary>
    public const string Route = "/llm/gpt-4o-mini";

    /// <summary>An allowance that no run spends.</summary>
    public const int Plenty = 1_000_000_000;

    /// <summary>The tier of users that have plenty.</summary>
    public const int PlentyTier = 2;

    /// <summary>The tier of users that have few.</summary>
    public const int ScarceTier = 3;

    private const int Parallelism = 8;

    private readonly PlatformDatabase _database;
    private readonly string _folder;
    private readonly (string Name, string Value)[] _environment;

    /// <summary>Describes a server; nothing starts yet.</summary>
    /// <param name="database">Its database.</param>
    /// <param name="upstream">Its provider.</param>
    /// <param name="folder">Its working directory.</param>
    /// <param name="settings">Configuration keys that win over those of the load.</param>
    public PlatformProcess(PlatformDatabase database, Uri upstream, string folder, IReadOnlyList<(string Key, string Value)> settings)
    {
        (_database, _folder) = (database, folder);
        AdminKey = new Guid(RandomNumberGenerator.GetBytes(16)).ToString("D");
        _environment =
        [
            ("ASPNETCORE_ENVIRONMENT", "Production"),
            Setting("Urls", "http://127.0.0.1:0"),
            Setting("Logging:LogLevel:Default", "Warning"),
            Setting("Database:Provider", database.Provider.ToString()),
            Setting("ConnectionStrings:Default", database.ConnectionString),
            Setting("Security:Pepper", RandomNumberGenerator.GetHexString(48)),
            Setting("Bootstrap:AdminApiKey", AdminKey),
            Setting("Tokens:Lifetime", "1.00:00:00"),
            Setting("Storage:Path", Path.Combine(folder, "blobs")),
            Setting("Providers:OpenAI:Endpoint", new Uri(upstream, "v1").AbsoluteUri),
            Setting("Providers:OpenAI:ApiKey", "key-of-the-load"),
            .. settings.Select(setting => Setting(setting.Key, setting.Value)),
        ];
    }

    /// <summary>Where the server's program is, of the same build as this one.</summary>
    public static string OwnBuild { get; } = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "../../../../../src/WebApi/bin", BuildConfiguration, "net10.0"));

    /// <summary><c>Release</c> or <c>Debug</c>.</summary>
    public static string BuildConfiguration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>Where its program is.</summary>
    public string Build { get; init; } = OwnBuild;

    /// <summary>The administrator's API key.</summary>
    public string AdminKey { get; }

    /// <summary>Makes the tables, and the tiers' allowances before the server makes the usual ones.</summary>
    /// <param name="plenty">Whole credits of a user of <see cref="PlentyTier"/>.</param>
    /// <param name="few">Whole credits of a user of <see cref="ScarceTier"/>.</param>
    /// <param name="cancellationToken">Stops between the steps.</param>
    public async Task MigrateAsync(int plenty, int few, CancellationToken cancellationToken)
    {
        await using var migration = ChildProcess.Start(Assembly, ["migrate"], _folder, _environment);
        await migration.WaitAsync(cancellationToken);
        if (migration.ExitCode != 0)
        {
            throw new InvalidOperationException($"The database was not made.\n{migration.Errors}");
        }

        var now = _database.Provider is DatabaseProvider.Sqlite ? "0" : "now()";
        foreach (var (tier, credits) in new[] { (PlentyTier, plenty), (ScarceTier, few) })
        {
            await _database.ExecuteAsync(
                $"INSERT INTO tier_allowances (tier, monthly_credits, description, created_at, modified_at) VALUES ({tier}, {credits}, 'Load', {now}, {now})",
                cancellationToken);
        }
    }

    /// <summary>Starts a server; several may run on one database.</summary>
    /// <param name="environment">More of its environment.</param>
    public ChildProcess Start(params (string Name, string Value)[] environment) =>
        ChildProcess.Start(Assembly, [], _folder, [.. _environment, .. environment]);

    /// <summary>Starts a server that is measured.</summary>
    public Task<MeasuredProcess> StartMeasuredAsync(CancellationToken cancellationToken) =>
        MeasuredProcess.StartAsync(Start, _database.ServerId, cancellationToken);

    /// <summary>Makes users over the API.</summary>
    public async Task<IReadOnlyList<LoadUser>> CreateUsersAsync(
        Uri address, int count, Func<int, int> tierOf, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = address };
        var adminToken = await TokenAsync(http, AdminKey, cancellationToken);
        var users = new LoadUser[count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, count, parallel, async (number, token) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/admin/create-user");
            request.Headers.Add("API-Key", AdminKey);
            request.Content = JsonContent.Create(
                new { token = adminToken, user_name = $"load-{number}", user_email = $"load-{number}@example.com", scope = tierOf(number) });
            var created = await AnswerAsync(http, request, token);
            users[number] = new LoadUser(
                created["user_id"]!.GetValue<Guid>(), await TokenAsync(http, created["api_key"]!.GetValue<string>(), token));
        });
        return users;
    }

    private string Assembly => Path.Combine(Build, "AiPlatform.WebApi.dll");

    private static async Task<string> TokenAsync(HttpClient http, string apiKey, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/get-token");
        request.Headers.Add("API-Key", apiKey);
        return (await AnswerAsync(http, request, cancellationToken))["access_token"]!.GetValue<string>();
    }

    private static async Task<JsonNode> AnswerAsync(HttpClient http, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await http.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(text)!
            : throw new InvalidOperationException($"{request.RequestUri} answered {(int)response.StatusCode}: {text}");
    }

    private static (string Name, string Value) Setting(string key, string value) =>
        (key.Replace(":", "__", StringComparison.Ordinal), value);
}

/// <summary>A user of a run.</summary>
/// <param name="Id">The account.</param>
/// <param name="Token">An access token that outlives the run.</param>
internal sealed record LoadUser(Guid Id, string Token);
