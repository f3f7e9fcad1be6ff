using System.Diagnostics;
using AiPlatform.Application;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.Load.CommandLine;
using AiPlatform.Load.Processes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Load.Measuring;

/// <summary>The ledger alone, in this process: a hold and a capture with its audit record, over and over.</summary>
internal static class LedgerCommand
{
    private const long Grant = 1_000_000_000_000;
    private const long Price = 1_000;

    public static Command Command { get; } = new(
        "ledger",
        "the ledger alone: holds and captures a second, without HTTP",
        [
            new("databases", string.Empty, "sqlite, postgres [both, where PostgreSQL runs]"),
            new("accounts", "1,10000", "how many accounts take turns; 1 is a hot one"),
            new("batches", "default,1", "most steps in a transaction; 1 is a transaction a step"),
            new("callers", "64", "how many calls are under way at once"),
            new("seconds", "3", "how long a measurement counts"),
            new("rounds", "3", "how often all is measured; the table shows medians"),
        ],
        RunAsync);

    private static async Task<int> RunAsync(Options options, CancellationToken cancellationToken)
    {
        var databases = options.List("databases");
        var targets = (databases.Count > 0 ? databases : ["sqlite", .. PlatformDatabase.HasPostgres ? ["postgres"] : Array.Empty<string>()])
            .SelectMany(_ => options.List("batches"), (database, batch) => Target.Parse(batch == "default" ? database : $"{database}:batch={batch}"))
            .ToList();
        var (callers, rounds) = (options.Number("callers", 1, 10_000), options.Number("rounds", 1, 100));
        var duration = options.Seconds("seconds", 0.1, 600);
        await using var ledgers = new LedgerHosts();
        var rates = new Dictionary<(Target Target, int Accounts), List<(double Steps, double Cpu)>>();
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var target in targets)
            {
                foreach (var accounts in options.Numbers("accounts", 1, 1_000_000))
                {
                    var measured = await MeasureAsync(await ledgers.GetAsync(target, cancellationToken), accounts, callers, duration, cancellationToken);
                    var key = (target, accounts);

                    // The first round only warms up.
                    (rates.TryGetValue(key, out var known) ? known : rates[key] = []).AddRange(round > 0 ? [measured] : []);
                }
            }
        }

        Console.WriteLine(await Machine.DescribeAsync(ledgers.Folder, cancellationToken));
        Console.WriteLine($"- {rounds} rounds of {duration.TotalSeconds} s, {callers} callers in this process; medians. A step is a hold or a capture with its audit record.\n");
        var table = new MarkdownTable("ledger", "accounts", "durable steps/s", "CPU ms/1,000 steps");
        foreach (var ((target, accounts), samples) in rates)
        {
            table.Add(
                target.Name, Figures.Whole(accounts), Figures.Whole(samples.Select(sample => sample.Steps).Median()), Figures.Short(samples.Select(sample => sample.Cpu).Median()));
        }

        Console.WriteLine(table);
        return 0;
    }

    private static async Task<(double Steps, double Cpu)> MeasureAsync(
        IServiceProvider services, int accounts, int callers, TimeSpan duration, CancellationToken cancellationToken)
    {
        var ledger = services.GetRequiredService<ILedger>();
        var journal = services.GetRequiredService<ICallJournal>();
        var keys = Enumerable.Range(0, accounts).Select(Account).ToArray();
        var calls = 0L;
        var cpu = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(caller), cancellationToken)));

        // It queues behind everything that was handed over, so it ends when all of that is durable.
        await ledger.OpenAsync(keys[0], Grant, NewId(), cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(started);
        var steps = 2.0 * calls;
        return (steps / elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds * 1_000 / steps);

        async Task CallAsync(int caller)
        {
            for (var next = caller; Stopwatch.GetElapsedTime(started) < duration; next += callers)
            {
                var key = keys[next % accounts];
                var requestId = NewId();
                var decision = await ledger.PlaceHoldAsync(
                    new HoldOrder(new HeldCall(requestId, key.OwnerId, "llm.gpt-4o-mini"), key.OwnerId, [new HoldOrderLine(key, Grant, Price)], Dispatched: true),
                    cancellationToken);
                var hold = decision.HoldId ?? throw new InvalidOperationException("A hold was refused although there are funds.");
                await journal.CloseAsync(Record(requestId, key.OwnerId), new Settlement.Capture(hold), cancellationToken);
                Interlocked.Increment(ref calls);
            }
        }
    }

    // The same accounts in every round, whatever the order of their ids.
    private static AccountKey Account(int number) => new(
        OwnerKind.User,
        new Guid(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(number)).AsSpan(0, 16)),
        Meter.Credits,
        new Period("2025-03"));

    private static Guid NewId() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    /// <summary>A record as a call of the model's route leaves it.</summary>
    private static AuditRecord Record(Guid requestId, Guid userId) => new()
    {
        Id = requestId,
        StartedAt = TimeProvider.System.GetUtcNow(),
        Method = "POST",
        Path = PlatformProcess.Route,
        RouteKey = "llm.gpt-4o-mini",
        UserId = userId,
        TokenId = userId,
        Status = 200,
        ElapsedMilliseconds = 1,
        IpAddress = "127.0.0.1",
        RequestHeaders = """{"Content-Type":"application/json","Content-Length":"36"}""",
        RequestBody = Driving.Requests.PlatformBody,
        ResponseBody = """{"message":"Because blue light is scattered most.","model":"gpt-4o-mini","prompt_tokens":14,"completion_tokens":8,"total_tokens":22}""",
    };
}

/// <summary>Ledgers as the platform composes them, without its web host, one a target.</summary>
internal sealed class LedgerHosts : IAsyncDisposable
{
    private readonly Dictionary<Target, (IHost Host, PlatformDatabase Database)> _hosts = [];

    public string Folder { get; } = Directory.CreateTempSubdirectory("aiplatform-load-").FullName;

    public async Task<IServiceProvider> GetAsync(Target target, CancellationToken cancellationToken)
    {
        if (!_hosts.TryGetValue(target, out var known))
        {
            var database = await PlatformDatabase.CreateAsync(target.Database!.Value, Folder, cancellationToken);
            known = (await StartAsync(database, target.MaxBatch, cancellationToken), database);
            _hosts[target] = known;
        }

        return known.Host.Services;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (host, database) in _hosts.Values)
        {
            await host.StopAsync();
            host.Dispose();
            await database.DisposeAsync();
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task<IHost> StartAsync(PlatformDatabase database, int? maxBatch, CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Environment.EnvironmentName = Environments.Production;
        builder.Logging.AddConsole().SetMinimumLevel(LogLevel.Warning);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:Provider"] = database.Provider.ToString(),
            ["ConnectionStrings:Default"] = database.ConnectionString,
            ["Security:Pepper"] = "the-ledger-alone-needs-no-secret-0123456789",
            ["Storage:Path"] = Path.Combine(Folder, "blobs"),
            ["Metering:MaxBatch"] = maxBatch?.ToString(System.Globalization.CultureInfo.InvariantCulture),
        });
        builder.Services.AddApplication();
        builder.Services.AddInfrastructure(builder.Configuration);
        var host = builder.Build();
        await host.Services.MigrateDatabaseAsync(cancellationToken);
        await host.StartAsync(cancellationToken);
        return host;
    }
}
