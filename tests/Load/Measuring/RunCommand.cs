using AiPlatform.Load.CommandLine;
using AiPlatform.Load.Driving;
using AiPlatform.Load.Processes;

namespace AiPlatform.Load.Measuring;

/// <summary>The comparison: the upstream, a bare proxy and the platform, in turns.</summary>
internal static class RunCommand
{
    /// <summary>Before anything counts, the runtime compiles what is hot for good.</summary>
    private const int WarmUpConnections = 64;

    public static Command Command { get; } = new(
        "run",
        "drives the upstream, a bare proxy and the platform in turns and compares them",
        [
            new("targets", string.Empty, $"{Target.Help} [upstream,proxy,sqlite and, where it runs, postgres]"),
            new("connections", "1,16,64,256", "how many connections, one column of measurements each"),
            new("rate", "0", "calls a second (open loop), below saturation; 0 drives as fast as answers come (closed loop)"),
            new("seconds", "3", "how long a measurement counts"),
            new("rounds", "3", "how often all is measured; the tables show medians"),
            new("users", "1000", "how many users, each with an account"),
            new("warm-up", "30", "seconds each target is driven before the first round; with fewer the runtime still compiles, on a processor of its own"),
            new("set", string.Empty, "Key=Value, a setting of the platform; may be given several times"),
        ],
        RunAsync)
    {
        Notes = """
              Ratios are to the proxy at the same connections in the same round. CPU is that of the process under test for 1,000
              calls, + that of its PostgreSQL server. Allocations are published by the process itself through a startup hook.
              The platform runs in Production with authentication, metering and audit on and logs warnings alone.
            """,
    };

    private static async Task<int> RunAsync(Options options, CancellationToken cancellationToken)
    {
        var targets = Targets(options);
        var connections = options.Numbers("connections", 1, 4096);
        var (rounds, rate) = (options.Number("rounds", 1, 100), options.Number("rate", 0, 1_000_000));
        var plan = new DrivePlan(WarmUpConnections, TimeSpan.FromSeconds(0.5), options.Seconds("seconds", 0.1, 600)) { Rate = rate };
        await using var bench = new Bench(Exchange.Question);
        await StartAsync(bench, targets, options, cancellationToken);

        var report = new ComparisonReport();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var count in connections)
            {
                // Back and forth, so that none is always the one after the hottest.
                foreach (var target in round % 2 == 0 ? targets : targets.Reverse())
                {
                    report.Add(target, count, await bench.DriveAsync(target, plan with { Connections = count }, cancellationToken));
                }
            }

            await Console.Error.WriteLineAsync($"Round {round + 1} of {rounds} is over.");
        }

        Console.WriteLine(await Machine.DescribeAsync(bench.Folder, cancellationToken));
        Console.WriteLine($"- {rounds} rounds of {plan.Duration.TotalSeconds} s, {options.Text("users")} users; {(rate > 0 ? $"{rate} calls/s" : "closed loop")}; medians\n");
        Console.WriteLine(rate > 0 ? report.AddedLatency() : report.Comparison());
        return report.HasFailures ? 1 : 0;
    }

    private static IReadOnlyList<Target> Targets(Options options)
    {
        var names = options.List("targets");
        return [.. (names.Count > 0 ? names : ["upstream", "proxy", "sqlite", .. PlatformDatabase.HasPostgres ? ["postgres"] : Array.Empty<string>()])
            .Select(Target.Parse)];
    }

    private static async Task StartAsync(Bench bench, IReadOnlyList<Target> targets, Options options, CancellationToken cancellationToken)
    {
        await bench.StartUpstreamAsync(cancellationToken);
        foreach (var target in targets)
        {
            await bench.StartAsync(target, options.Number("users", 1, 1_000_000), Settings.Of(options), cancellationToken);
        }

        var warmUp = new DrivePlan(WarmUpConnections, options.Seconds("warm-up", 0, 600), TimeSpan.FromSeconds(0.1));
        foreach (var target in targets)
        {
            await bench.DriveAsync(target, warmUp, cancellationToken);
        }
    }
}

/// <summary>Settings of the platform, from the command line.</summary>
internal static class Settings
{
    /// <summary>Every <c>--set Key=Value</c>.</summary>
    public static IReadOnlyList<(string Key, string Value)> Of(Options options) =>
        [.. options.All("set").Select(text => text.Split('=', 2) is [var key, var value]
            ? (key, value)
            : throw new UsageException($"--set takes Key=Value, not '{text}'."))];
}
