using System.Net;
using System.Text.Json;
using AiPlatform.Load.CommandLine;
using AiPlatform.Load.Driving;
using AiPlatform.Load.Processes;

namespace AiPlatform.Load.Measuring;

/// <summary>The processes of a run, side by side on loopback; all of them end with it.</summary>
/// <param name="exchange">What is asked and answered.</param>
internal sealed class Bench(Exchange exchange) : IAsyncDisposable
{
    private const int LongestArgument = 64 * 1024;

    private readonly string _folder = Directory.CreateTempSubdirectory("aiplatform-load-").FullName;
    private readonly Dictionary<string, Served> _served = new(StringComparer.Ordinal);
    private readonly List<IAsyncDisposable> _started = [];

    /// <summary>Where the run keeps its files.</summary>
    public string Folder => _folder;

    /// <summary>The provider of every server; set by <see cref="StartUpstreamAsync"/>.</summary>
    public Uri Upstream { get; private set; } = null!;

    /// <summary>Starts the provider.</summary>
    public async Task StartUpstreamAsync(CancellationToken cancellationToken)
    {
        // It does nothing but answer, so its work is done where its sockets are polled.
        var upstream = await MeasuredProcess.StartAsync(
            readings => ChildProcess.StartSelf([Servers.Upstream.Command.Name, .. exchange.UpstreamOptions], [.. readings, ("DOTNET_gcServer", "0"), InlineSockets]), 0, cancellationToken);
        _started.Add(upstream);
        Upstream = upstream.Address;
        _served[Target.Parse(Target.Upstream).Server] = new Served(upstream, new Uri(Upstream, Servers.Upstream.Path), exchange.ProviderBody, null, null);
    }

    /// <summary>Starts what a target needs and does not run yet.</summary>
    public async Task StartAsync(Target target, int users, IReadOnlyList<(string Key, string Value)> settings, CancellationToken cancellationToken)
    {
        if (_served.ContainsKey(target.Server))
        {
            return;
        }

        if (target.Name == Target.Framework && exchange != Exchange.Question)
        {
            throw new UsageException($"{Target.Framework} answers a question and nothing else: it is a target of run.");
        }

        if (target.Database is null)
        {
            var between = await MeasuredProcess.StartAsync(
                readings => ChildProcess.StartSelf([target.Name, "--to", Upstream.AbsoluteUri], readings), 0, cancellationToken);
            _started.Add(between);
            _served[target.Server] = target.Name == Target.Framework
                ? new Served(between, new Uri(between.Address, exchange.Route), exchange.PlatformBody, null, null)
                : new Served(between, new Uri(between.Address, Servers.Upstream.Path), exchange.ProviderBody, null, null);
            return;
        }

        var batch = target.MaxBatch is { } number ? [("Metering:MaxBatch", $"{number}")] : Array.Empty<(string, string)>();
        await StartPlatformAsync(target, users, [.. settings, .. batch], cancellationToken);
    }

    /// <summary>The database of a target.</summary>
    public PlatformDatabase DatabaseOf(Target target) => _served[target.Server].Database!;

    /// <summary>Physical memory of a target's process now, in bytes.</summary>
    public long MemoryOf(Target target) => ProcessReadings.Memory(_served[target.Server].Process.Id);

    /// <summary>Where a target is, and a request to it as its first user.</summary>
    public (IPEndPoint Server, byte[] Request) RequestTo(Target target)
    {
        var served = _served[target.Server];
        var tokens = served.Tokens is { } file ? [File.ReadLines(file).First()] : Array.Empty<string>();
        return (new IPEndPoint(IPAddress.Loopback, served.Address.Port), Requests.Make(served.Address, served.Body, tokens)[0]);
    }

    /// <summary>The process that serves a target.</summary>
    public MeasuredProcess ProcessOf(Target target) => _served[target.Server].Process;

    /// <summary>Makes one call as the first user.</summary>
    public async Task CallOnceAsync(Target target, CancellationToken cancellationToken)
    {
        var (server, request) = RequestTo(target);
        using var connection = new Connection(server);
        if (await connection.SendAsync(request, cancellationToken) is var status && status != 200)
        {
            throw new InvalidOperationException($"{target.Name} answered {status}.");
        }
    }

    /// <summary>Drives a target from a process of its own and reads what the process under test used meanwhile.</summary>
    public async Task<Sample> DriveAsync(Target target, DrivePlan plan, CancellationToken cancellationToken)
    {
        var (process, address, body, tokens, _) = _served[target.Server];
        body = await AsArgumentAsync(body, cancellationToken);
        var arguments = DriveCommand.Arguments(address, body, tokens, target.IsHot ? plan with { Users = 1 } : plan);
        await using var driver = ChildProcess.StartSelf(arguments, InlineSockets);
        await ExpectAsync(driver, DriveCommand.Measuring, cancellationToken);
        ProcessReadings.ResetPeakMemory(process.Id);
        var before = process.Read();
        await ExpectAsync(driver, DriveCommand.Measured, cancellationToken);
        var (after, peak) = (process.Read(), ProcessReadings.PeakMemory(process.Id));
        var result = JsonSerializer.Deserialize<DriveResult>(await driver.ReadLineAsync(cancellationToken) ?? "null")
            ?? throw new InvalidOperationException("The driver has no result.");
        return new Sample(result, before, after, peak);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var started in Enumerable.Reverse(_started))
        {
            await started.DisposeAsync();
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private static (string Name, string Value) InlineSockets => ("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

    private async Task StartPlatformAsync(Target target, int users, IReadOnlyList<(string Key, string Value)> settings, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, $"platform-{_served.Count}")).FullName;
        var database = await PlatformDatabase.CreateAsync(target.Database!.Value, folder, cancellationToken);
        _started.Add(database);
        var platform = new PlatformProcess(database, Upstream, folder, settings) { Build = target.Build ?? PlatformProcess.OwnBuild };
        await platform.MigrateAsync(PlatformProcess.Plenty, PlatformProcess.Plenty, cancellationToken);
        var process = await platform.StartMeasuredAsync(cancellationToken);
        _started.Add(process);
        var tokens = Path.Combine(folder, "tokens");
        var made = await platform.CreateUsersAsync(process.Address, users, _ => PlatformProcess.PlentyTier, cancellationToken);
        await File.WriteAllLinesAsync(tokens, made.Select(user => user.Token), cancellationToken);
        _served[target.Server] = new Served(process, new Uri(process.Address, exchange.Route), exchange.PlatformBody, tokens, database);
    }

    private async Task<string> AsArgumentAsync(string body, CancellationToken cancellationToken)
    {
        if (body.Length <= LongestArgument)
        {
            return body;
        }

        var file = Path.Combine(_folder, "body");
        await File.WriteAllTextAsync(file, body, cancellationToken);
        return $"@{file}";
    }

    private static async Task ExpectAsync(ChildProcess driver, string line, CancellationToken cancellationToken)
    {
        if (await driver.ReadLineAsync(cancellationToken) is var read && read != line)
        {
            throw new InvalidOperationException($"The driver said '{read}' instead of '{line}'.\n{driver.Errors}");
        }
    }

    private sealed record Served(MeasuredProcess Process, Uri Address, string Body, string? Tokens, PlatformDatabase? Database);
}
