using System.Collections.Concurrent;
using System.Net;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.Load.CommandLine;
using AiPlatform.Load.Crash;
using AiPlatform.Load.Driving;
using AiPlatform.Load.Processes;

namespace AiPlatform.Load.Contention;

/// <summary>Several platforms on one database spend one account to its end: its credits, no more and no fewer.</summary>
internal static class ContentionCommand
{
    private const int PaymentRequired = 402;

    public static Command Command { get; } = new(
        "contention",
        "several platforms on one PostgreSQL spend one account to its end",
        [
            new("processes", "2", "how many platforms"),
            new("connections", "64", "how many connections to each"),
            new("credits", "1000", "what the account has; a call costs one"),
        ],
        RunAsync)
    {
        Notes = """
              Each connection calls until it is refused for lack of credits. Passes when as many calls succeed as there were
              credits, the provider was asked exactly that often, and the account's books balance. Uses the PostgreSQL of
              eng/services where its variables are set, else a server of its own.
            """,
    };

    private static async Task<int> RunAsync(Options options, CancellationToken cancellationToken)
    {
        var (processes, connections, credits) = (options.Number("processes", 1, 8), options.Number("connections", 1, 1_000), options.Number("credits", 1, 100_000));
        var folder = Directory.CreateTempSubdirectory("aiplatform-contention-").FullName;
        try
        {
            await using var server = PlatformDatabase.HasPostgres ? null : await PostgresServer.CreateAsync(cancellationToken);
            await using var database = server is null
                ? await PlatformDatabase.CreateAsync(DatabaseProvider.PostgreSql, folder, cancellationToken)
                : await PlatformDatabase.CreateOnAsync(server.ConnectionString, cancellationToken);
            return await SpendAsync(database, folder, processes, connections, credits, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> SpendAsync(
        PlatformDatabase database, string folder, int processes, int connections, int credits, CancellationToken cancellationToken)
    {
        var calls = new ConcurrentDictionary<string, CrashCall>(StringComparer.Ordinal);
        await using var upstream = await CrashUpstream.StartAsync(calls, refusedOneIn: 0, cancellationToken);
        var platform = new PlatformProcess(database, upstream.Address, folder, []);
        await platform.MigrateAsync(PlatformProcess.Plenty, credits, cancellationToken);
        var replicas = new List<ChildProcess>();
        var addresses = new List<Uri>();
        try
        {
            for (var number = 0; number < processes; number++)
            {
                replicas.Add(platform.Start());
                addresses.Add(await replicas[number].AddressAsync(cancellationToken));
            }

            var user = (await platform.CreateUsersAsync(addresses[0], 1, _ => PlatformProcess.ScarceTier, cancellationToken))[0];
            var numbers = new Numbers();
            await Task.WhenAll(addresses.SelectMany(address => Enumerable.Repeat(address, connections))
                .Select(address => Task.Run(() => SpendAsync(address, user, calls, numbers, cancellationToken), cancellationToken)));
        }
        finally
        {
            foreach (var replica in replicas)
            {
                await replica.DisposeAsync();
            }
        }

        return await JudgeAsync(database, [.. calls.Values], processes * connections, credits, cancellationToken);
    }

    /// <summary>Calls until the answer is not 200.</summary>
    private static async Task SpendAsync(
        Uri address, LoadUser user, ConcurrentDictionary<string, CrashCall> calls, Numbers numbers, CancellationToken cancellationToken)
    {
        using var connection = new Connection(new IPEndPoint(IPAddress.Loopback, address.Port));
        CrashCall call;
        do
        {
            var marker = $"call-{numbers.Next():D7}";
            call = calls[marker] = new CrashCall(marker, user.Id, TimeProvider.System.GetUtcNow());
            call.Status = await connection.SendAsync(
                Requests.Post(new Uri(address, PlatformProcess.Route), $$"""{"user_input":"{{marker}}"}""", user.Token, marker), cancellationToken);
        }
        while (call.Status == 200);
    }

    private static async Task<int> JudgeAsync(
        PlatformDatabase database, CrashCall[] calls, int connections, int credits, CancellationToken cancellationToken)
    {
        var verdict = new Reckoning(await Books.ReadAsync(database, CrashRun.RouteKey, cancellationToken), calls, MeterUnits.PerCredit).Judge();
        var (succeeded, refused, asked) = (calls.Count(call => call.Status == 200), calls.Count(call => call.Status == PaymentRequired), calls.Sum(call => call.Asked));
        Console.WriteLine($"""
            credits {credits}
            succeeded {succeeded}
            refused {refused} (one a connection: {connections}), otherwise answered {calls.Length - succeeded - refused}
            the provider was asked {asked} times
            lost {verdict.Lost.Count}, double {verdict.Double.Count}, overspent {verdict.Overspent.Count}, unresolved {verdict.Unresolved.Count}
            """);
        foreach (var line in verdict.Evidence().Take(20))
        {
            Console.WriteLine($"  {line}");
        }

        return (succeeded, refused, asked) == (credits, connections, credits) && calls.Length == credits + connections && !verdict.Evidence().Any() ? 0 : 1;
    }

    private sealed class Numbers
    {
        private int _last;

        public int Next() => Interlocked.Increment(ref _last);
    }
}
