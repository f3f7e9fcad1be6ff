using System.Collections.Concurrent;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.Load.Processes;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Load.Crash;

/// <summary>The processes of a crash test, from the first start to the last sweep.</summary>
internal sealed class CrashRun : IAsyncDisposable
{
    /// <summary>The route that is called.</summary>
    public const string RouteKey = "llm.gpt-4o-mini";

    private const int RefusedOneIn = 8;

    private const int ShortestLife = 50;
    private const int LongestOutage = 300;

    private static readonly TimeSpan WarmUpPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SweepPatience = TimeSpan.FromSeconds(90);

    private readonly CrashPlan _plan;
    private readonly string _folder = Directory.CreateTempSubdirectory("aiplatform-crash-").FullName;
    private readonly ConcurrentDictionary<string, CrashCall> _calls = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, ChildProcess> _running = new();
    private readonly Uri?[] _addresses;

    private PostgresServer? _postgres;
    private PlatformDatabase _database = null!;
    private PlatformProcess _platform = null!;
    private CrashUpstream _upstream = null!;
    private CrashClients _clients = null!;
    private int _kills;

    private CrashRun(CrashPlan plan)
    {
        _plan = plan;
        _addresses = new Uri?[plan.Processes];
    }

    /// <summary>Every call of the clients.</summary>
    public IReadOnlyCollection<CrashCall> Calls => (IReadOnlyCollection<CrashCall>)_calls.Values;

    /// <summary>How often something was killed.</summary>
    public int Kills => Math.Min(_kills, _plan.Kills);

    /// <summary>Makes the database, the users and the upstream.</summary>
    public static async Task<CrashRun> StartAsync(CrashPlan plan, CancellationToken cancellationToken)
    {
        var run = new CrashRun(plan);
        try
        {
            await run.StartAsync(cancellationToken);
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>Calls and kills until there were enough kills.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var calling = _clients.RunAsync(_plan.Connections, stop.Token, cancellationToken);
        var lives = Enumerable.Range(0, _plan.Processes).Select(slot => LiveAsync(slot, new Random(_plan.Seed + slot), failed.Token)).ToList();
        if (_plan.KillsDatabase)
        {
            lives.Add(LoseDatabaseAsync(new Random(_plan.Seed - 1), failed.Token));
        }

        // Where one of them fails, the others must not wait for it for ever.
        await foreach (var ended in Task.WhenEach(lives).WithCancellation(cancellationToken))
        {
            if (!ended.IsCompletedSuccessfully)
            {
                await failed.CancelAsync();
            }
        }

        await stop.CancelAsync();
        await calling;
        await Task.WhenAll(lives);
        await EndPlatformsAsync();
        if (!_clients.HasSucceeded)
        {
            throw new InvalidOperationException("No call succeeded, so nothing was tested.");
        }
    }

    /// <summary>Lets a fresh platform resolve what is open, and judges the books.</summary>
    public async Task<Verdict> SettleAsync(CancellationToken cancellationToken)
    {
        await using (var db = _database.Open())
        {
            // Instead of waiting for the holds to expire; nothing runs that could still settle them.
            var past = TimeProvider.System.GetUtcNow().AddHours(-1);
            await Open(db).ExecuteUpdateAsync(hold => hold.SetProperty(row => row.ExpiresAt, past), cancellationToken);
        }

        await using (var sweeping = _platform.Start())
        {
            await sweeping.AddressAsync(cancellationToken);
            await SweptAsync(cancellationToken);
        }

        var books = await Books.ReadAsync(_database, RouteKey, cancellationToken);
        return new Reckoning(books, Calls, MeterUnits.PerCredit).Judge();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await EndPlatformsAsync();
        }
        finally
        {
            // A server of the run's own must not outlive it, whatever went wrong before.
            await (_postgres?.DisposeAsync() ?? ValueTask.CompletedTask);
            await (_upstream?.DisposeAsync() ?? ValueTask.CompletedTask);
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(_folder, recursive: true);
        }
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_plan.Database is DatabaseProvider.PostgreSql)
        {
            _postgres = await PostgresServer.CreateAsync(cancellationToken);
            _database = await PlatformDatabase.CreateOnAsync(_postgres.ConnectionString, cancellationToken);
        }
        else
        {
            _database = await PlatformDatabase.CreateAsync(_plan.Database, _folder, cancellationToken);
        }

        _upstream = await CrashUpstream.StartAsync(_calls, RefusedOneIn, cancellationToken);
        _platform = new PlatformProcess(_database, _upstream.Address, _folder, [("Metering:SweepInterval", "00:00:01")]);
        await _platform.MigrateAsync(PlatformProcess.Plenty, _plan.Credits, cancellationToken);
        await using var first = _platform.Start();
        var users = await _platform.CreateUsersAsync(
            await first.AddressAsync(cancellationToken), _plan.Users, number => number % 2 == 0 ? PlatformProcess.PlentyTier : PlatformProcess.ScarceTier, cancellationToken);
        _clients = new CrashClients(_addresses, users, _calls);
    }

    /// <summary>Starts a platform and kills it, over and over; where only the database is killed, it lives.</summary>
    private async Task LiveAsync(int slot, Random dice, CancellationToken cancellationToken)
    {
        while (!IsEnough)
        {
            var process = _running[slot] = _platform.Start();
            try
            {
                _addresses[slot] = await process.AddressAsync(cancellationToken);
            }
            catch (InvalidOperationException) when (_plan.KillsDatabase)
            {
                // It does not start without its database; a supervisor starts it again.
                await EndAsync(slot);
                continue;
            }

            if (!_plan.KillsPlatform)
            {
                return;
            }

            await LiveOnAsync(_addresses[slot]!, dice, cancellationToken);
            if (Interlocked.Increment(ref _kills) > _plan.Kills)
            {
                return;
            }

            await EndAsync(slot);
        }
    }

    /// <summary>
    /// Most servers are killed some time after they answered their first call, a few some time after they listen, when every
    /// call is still the first of its kind.
    /// </summary>
    private async Task LiveOnAsync(Uri address, Random dice, CancellationToken cancellationToken)
    {
        var deadline = TimeProvider.System.GetUtcNow() + WarmUpPatience;
        var waits = dice.Next(5) > 0;
        while (waits && !_clients.HasServed(address) && TimeProvider.System.GetUtcNow() < deadline)
        {
            await Task.Delay(5, cancellationToken);
        }

        await Task.Delay(dice.Next(ShortestLife, _plan.LongestLife), cancellationToken);
    }

    private async Task LoseDatabaseAsync(Random dice, CancellationToken cancellationToken)
    {
        while (!IsEnough)
        {
            // Where platforms are killed too, they need time to start between two losses.
            await Task.Delay(dice.Next(ShortestLife, _plan.LongestLife * (_plan.KillsPlatform ? 4 : 1)), cancellationToken);
            if (_addresses.All(address => address is null))
            {
                // Nobody serves yet, so nothing could be lost.
                continue;
            }

            Interlocked.Increment(ref _kills);
            await _postgres!.KillAsync();
            await Task.Delay(dice.Next(LongestOutage), cancellationToken);
            await _postgres.StartAsync(cancellationToken);
        }
    }

    /// <summary>Kills a platform where it still runs.</summary>
    private async Task EndAsync(int slot)
    {
        if (_running.TryRemove(slot, out var process))
        {
            await process.DisposeAsync();
        }

        if (_addresses[slot] is { } address)
        {
            _addresses[slot] = null;
            _clients.Forget(address);
        }
    }

    private bool IsEnough => Volatile.Read(ref _kills) >= _plan.Kills;

    private async Task EndPlatformsAsync()
    {
        foreach (var slot in _running.Keys)
        {
            await EndAsync(slot);
        }
    }

    private async Task SweptAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(SweepPatience);
        await using var db = _database.Open();
        while (await Open(db).AnyAsync(patience.Token))
        {
            await Task.Delay(200, patience.Token);
        }
    }

    private static IQueryable<Hold> Open(AppDbContext db) =>
        db.Set<Hold>().Where(hold => hold.State == HoldState.Held || hold.State == HoldState.Dispatched);
}
