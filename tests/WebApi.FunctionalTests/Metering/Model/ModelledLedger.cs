using AiPlatform.Application;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Infrastructure;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiPlatform.WebApi.FunctionalTests.Metering.Model;

/// <summary>
/// The real ledger, composed as the platform composes it, on a database of its own and a clock that the test moves. Several
/// hosts stand for several processes: each has its own journal and its own memory.
/// </summary>
internal sealed class ModelledLedger : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly IReadOnlyList<IHost> _hosts;
    private readonly string _folder;

    private ModelledLedger(TestDatabase database, IReadOnlyList<IHost> hosts, SteppedClock clock, TestLog log, string folder)
    {
        (_database, _hosts, Clock, Log, _folder) = (database, hosts, clock, log, folder);
    }

    public SteppedClock Clock { get; }

    /// <summary>What the processes log, all of them; not what frameworks do.</summary>
    public TestLog Log { get; }

    public int Processes => _hosts.Count;

    public static async Task<ModelledLedger> StartAsync(DatabaseProvider provider, int processes)
    {
        var clock = new SteppedClock(new DateTimeOffset(2024, 1, 30, 21, 0, 0, TimeSpan.Zero));
        var database = await TestDatabase.CreateAsync(provider);
        var folder = Directory.CreateTempSubdirectory("aiplatform-").FullName;
        var log = new TestLog();
        var hosts = Enumerable.Range(0, processes).Select(_ => Compose(database, clock, log, folder)).ToList();
        await hosts[0].Services.MigrateDatabaseAsync(CancellationToken.None);
        foreach (var host in hosts)
        {
            await host.StartAsync();
        }

        return new ModelledLedger(database, hosts, clock, log, folder);
    }

    public ILedger Ledger(int process) => _hosts[process].Services.GetRequiredService<ILedger>();

    public ICallJournal Journal(int process) => _hosts[process].Services.GetRequiredService<ICallJournal>();

    /// <summary>Resolves what has expired, as the sweeper does when its timer ticks; here the story decides when that is.</summary>
    public Task SweepAsync(int process) =>
        _hosts[process].Services.GetRequiredService<IExpiredHolds>().ResolveAsync(CancellationToken.None);

    public AppDbContext Open() => _hosts[0].Services.GetRequiredService<IDbContextFactory<AppDbContext>>().CreateDbContext();

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync();
            host.Dispose();
        }

        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static IHost Compose(TestDatabase database, SteppedClock clock, TestLog log, string folder)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:Provider"] = database.Provider.ToString(),
            ["ConnectionStrings:Default"] = database.ConnectionString,
            ["Security:Pepper"] = "functional-tests-pepper-0123456789abcdef",
            ["Storage:Path"] = Path.Combine(folder, "blobs"),
        });
        builder.Logging.AddProvider(log).AddFilter("Microsoft", LogLevel.None);
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddApplication();
        builder.Services.AddInfrastructure(builder.Configuration);
        return builder.Build();
    }
}
