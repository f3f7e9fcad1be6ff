using System.Text.RegularExpressions;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Support;

/// <summary>Two processes of the operating system on one PostgreSQL, as an operator runs replicas.</summary>
public sealed partial class ReplicaProcesses : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly string _folder = Directory.CreateTempSubdirectory("aiplatform-replicas-").FullName;
    private readonly List<ServerProcess> _processes = [];
    private readonly List<Api> _apis = [];

    private ReplicaProcesses(TestDatabase database) => _database = database;

    /// <summary>Starts both, and waits until they listen.</summary>
    public static async Task<ReplicaProcesses> StartAsync()
    {
        var replicas = new ReplicaProcesses(await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql));
        for (var number = 0; number < 2; number++)
        {
            replicas._processes.Add(replicas.Start());
        }

        foreach (var process in replicas._processes)
        {
            var banner = await process.ReadUntilAsync("Is it well?");
            process.IgnoreOutput();
            replicas._apis.Add(new Api(new HttpClient { BaseAddress = new Uri(ListeningAddress().Match(banner).Value) }));
        }

        return replicas;
    }

    /// <summary>A client of the one process or the other, by turns.</summary>
    /// <param name="number">Which call it is.</param>
    public Api Api(int number) => _apis[number % _apis.Count];

    /// <summary>Reads their database directly.</summary>
    public AppDbContext OpenDatabase() => new(new DbContextOptionsBuilder<AppDbContext>().UseNpgsql(_database.ConnectionString).Options);

    public async ValueTask DisposeAsync()
    {
        _apis.ForEach(api => api.Http.Dispose());
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private ServerProcess Start() => ServerProcess.Start(
        _folder,
        "Development",
        "--Urls=http://127.0.0.1:0",
        "--Database:Provider=PostgreSql",
        $"--ConnectionStrings:Default={_database.ConnectionString}",
        $"--Bootstrap:AdminApiKey={TestPlatform.AdminKey}",
        "--Security:Pepper=a-pepper-that-both-processes-know-0123456789",
        "--RateLimits:ConversationsPerMinute=1000",
        "--RateLimits:CredentialsPerMinute=1000",
        "--RateLimits:GeneralPerMinute=1000");

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex ListeningAddress();
}
