using AiPlatform.Infrastructure.Shared;
using AiPlatform.Load.CommandLine;
using AiPlatform.Load.Measuring;

namespace AiPlatform.Load.Crash;

/// <summary>Kills what serves, at random instants under load, and then asks whether every call is accounted for.</summary>
internal static class CrashCommand
{
    public static Command Command { get; } = new(
        "crash",
        "kills servers under load and accounts for every call afterwards",
        [
            new("database", "sqlite", "sqlite (one process) or postgres (a server of the run's own)"),
            new("processes", "1", "how many platforms share the database; each has its own kills"),
            new("kill", "platform", "platform, database (PostgreSQL with all its processes) or both"),
            new("kills", "50", "how many kills"),
            new("longest-life", "1500", "most milliseconds between the start of what is killed and its kill"),
            new("connections", "32", "how many connections call"),
            new("users", "8", "how many users they share; every other one has few credits"),
            new("credits", "1000", "how many credits those few are"),
            new("seed", "0", "decides the instants; 0 takes one at random. It is printed"),
            new("minutes", "15", "after this the run is given up and fails"),
            new("evidence", "artifacts/crash-test.txt", "the file that everything found is written to"),
        ],
        RunAsync)
    {
        Notes = """
              Clients call /llm/gpt-4o-mini without pause and send no call twice. A provider in this process never dies; it notes
              each call that it was asked and answered, by the marker in its prompt, and refuses one in eight. A kill is a SIGKILL.
              At the end the clients stop, the platforms are killed, every open hold is aged past its expiry, a platform starts
              and sweeps. Then every call is matched with the rows of the database:

              lost        The upstream was asked and there is neither an audit record of the call nor an open hold that explains
                          it (same user, placed between the client's sending and the upstream's being asked; a hold explains one
                          call). Or the upstream answered and the hold was given back. Or a charge has no audit record, or they
                          differ. Or a client read an answer that the record denies.
              double      A call has two audit records, two captures, or a charge although the upstream never answered it. Or the
                          upstream was made to answer one call twice.
              overspent   An account is below zero, gave more answers than it was granted, or its entries do not add up to its
                          balance, have a gap, or a wrong balance after one of them.
              unresolved  A hold whose call died between its dispatch and its record. It is disputed, its funds stay set aside,
                          nobody was charged; an administrator decides, with the evidence that is printed here.

              Exit code 1 when lost, double or overspent is more than zero.
            """,
    };

    private static async Task<int> RunAsync(Options options, CancellationToken cancellationToken)
    {
        var plan = new CrashPlan
        {
            Database = Target.Parse(options.Text("database")).Database ?? throw new UsageException("--database is sqlite or postgres."),
            Processes = options.Number("processes", 1, 8),
            KillsPlatform = options.Text("kill") is "platform" or "both",
            KillsDatabase = options.Text("kill") is "database" or "both",
            Kills = options.Number("kills", 1, 10_000),
            LongestLife = options.Number("longest-life", 100, 60_000),
            Connections = options.Number("connections", 1, 1_000),
            Users = options.Number("users", 1, 1_000),
            Credits = options.Number("credits", 1, 1_000_000),
            Seed = options.Number("seed", 0, int.MaxValue) is > 0 and var seed ? seed : Random.Shared.Next(1, int.MaxValue),
        };
        if (!(plan.KillsPlatform || plan.KillsDatabase) || (plan.Database is DatabaseProvider.Sqlite && (plan.KillsDatabase || plan.Processes > 1)))
        {
            throw new UsageException("--kill is platform, database or both; SQLite has one process and no server to kill.");
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(options.Number("minutes", 1, 1440)));
        Console.WriteLine($"{plan}");
        await using var run = await CrashRun.StartAsync(plan, patience.Token);
        await run.KillAsync(patience.Token);
        var verdict = await run.SettleAsync(patience.Token);
        await ReportAsync(run, verdict, options.Text("evidence"), cancellationToken);
        return verdict.IsClean ? 0 : 1;
    }

    private static async Task ReportAsync(CrashRun run, Verdict verdict, string file, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        await File.WriteAllLinesAsync(file, verdict.Evidence(), cancellationToken);
        var calls = run.Calls;
        Console.WriteLine($"""
            calls {calls.Count} (the upstream answered {calls.Count(call => call.Answered > 0)} and refused {calls.Count(call => call.IsRefused)}; clients read {calls.Count(call => call.Status == 200)} answers, {calls.Count(call => call.Status is not null and not 200)} refusals, {calls.Count(call => call.Status is null)} nothing)
            kills {run.Kills}
            lost {verdict.Lost.Count}
            double {verdict.Double.Count}
            overspent {verdict.Overspent.Count}
            unresolved {verdict.Unresolved.Count}, each with its evidence in {file}
            """);
        foreach (var line in verdict.Lost.Concat(verdict.Double).Concat(verdict.Overspent).Take(20))
        {
            Console.WriteLine($"  {line}");
        }

        foreach (var line in verdict.Unresolved.Take(3))
        {
            Console.WriteLine($"  for example: {line}");
        }
    }
}

/// <summary>What is killed, how often, under which load.</summary>
internal sealed record CrashPlan
{
    public required DatabaseProvider Database { get; init; }

    public required int Processes { get; init; }

    public required bool KillsPlatform { get; init; }

    public required bool KillsDatabase { get; init; }

    public required int Kills { get; init; }

    /// <summary>In milliseconds.</summary>
    public required int LongestLife { get; init; }

    public required int Connections { get; init; }

    public required int Users { get; init; }

    public required int Credits { get; init; }

    public required int Seed { get; init; }

    public override string ToString() =>
        $"{Database}, {Processes} process{(Processes > 1 ? "es" : string.Empty)}, {Connections} connections; killed: "
        + $"{string.Join(" and ", new[] { KillsPlatform ? "the platform" : null, KillsDatabase ? "PostgreSQL" : null }.OfType<string>())}; seed {Seed}";
}
