using AiPlatform.Load.CommandLine;
using AiPlatform.Load.Driving;
using AiPlatform.Load.Processes;

namespace AiPlatform.Load.Measuring;

/// <summary>Whether a call costs more where there are many users, entries and audit records: two databases side by side.</summary>
internal static class GrowthCommand
{
    private const int ActiveUsers = 1_000;

    public static Command Command { get; } = new(
        "growth",
        "the same load on a small and on a large database, in turns",
        [
            new("databases", string.Empty, "sqlite, postgres [both, where PostgreSQL runs]"),
            new("rows", "1000000", "users, entries and audit records of the large database, beside the 1,000 users that call"),
            new("connections", "64", "how many connections"),
            new("seconds", "4", "how long a measurement counts"),
            new("rounds", "3", "how often all is measured; the table shows medians"),
            new("warm-up", "8", "seconds each is driven before the first round"),
            new("set", string.Empty, "Key=Value, a setting of the platform; may be given several times"),
        ],
        RunAsync);

    private static async Task<int> RunAsync(Options options, CancellationToken cancellationToken)
    {
        var databases = options.List("databases");
        var (rows, rounds) = (options.Number("rows", ActiveUsers, 10_000_000), options.Number("rounds", 1, 100));
        var plan = new DrivePlan(options.Number("connections", 1, 4096), TimeSpan.FromSeconds(0.5), options.Seconds("seconds", 0.1, 600));
        var pairs = (databases.Count > 0 ? databases : ["sqlite", .. PlatformDatabase.HasPostgres ? ["postgres"] : Array.Empty<string>()])
            .Select(Target.Parse)
            .Select(target => (Small: target with { Instance = "small" }, Large: target with { Instance = "large" }))
            .ToList();
        await using var bench = new Bench(Exchange.Question);
        await bench.StartUpstreamAsync(cancellationToken);
        foreach (var (small, large) in pairs)
        {
            foreach (var target in new[] { small, large })
            {
                await bench.StartAsync(target, ActiveUsers, Settings.Of(options), cancellationToken);
                await FillAsync(bench, target, target == large ? rows : 0, cancellationToken);
                await bench.DriveAsync(target, plan with { WarmUp = options.Seconds("warm-up", 0, 600), Duration = TimeSpan.FromSeconds(0.1) }, cancellationToken);
            }
        }

        var samples = pairs.SelectMany(pair => new[] { pair.Small, pair.Large }).ToDictionary(target => target, _ => new List<Sample>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var target in round % 2 == 0 ? samples.Keys : samples.Keys.Reverse())
            {
                samples[target].Add(await bench.DriveAsync(target, plan, cancellationToken));
            }
        }

        Console.WriteLine(await Machine.DescribeAsync(bench.Folder, cancellationToken));
        Console.WriteLine($"- {rounds} rounds of {plan.Duration.TotalSeconds} s, {plan.Connections} connections, {ActiveUsers} users call; medians\n");
        Console.WriteLine(Table(pairs, samples, rows));
        return samples.Values.SelectMany(taken => taken).Any(sample => sample.Result.Failures.Count > 0) ? 1 : 0;
    }

    /// <summary>Lets the first user make the one call that is copied.</summary>
    private static async Task FillAsync(Bench bench, Target target, int rows, CancellationToken cancellationToken)
    {
        await bench.CallOnceAsync(target, cancellationToken);
        if (rows > 0)
        {
            await new GrownDatabase(bench.DatabaseOf(target)).GrowAsync(rows, cancellationToken);
        }
    }

    private static MarkdownTable Table(List<(Target Small, Target Large)> pairs, Dictionary<Target, List<Sample>> samples, int rows)
    {
        var table = new MarkdownTable("target", "rows", "calls/s", "of the small", "p50 ms", "p99 ms", "CPU ms/1,000", "CPU of the small", "failed");
        foreach (var (small, large) in pairs)
        {
            foreach (var target in new[] { small, large })
            {
                var (own, few) = (samples[target], samples[small]);
                table.Add(
                    target.Name,
                    Figures.Whole(target == large ? rows : ActiveUsers),
                    Figures.Whole(own.Select(sample => sample.Result.Throughput).Median()),
                    Figures.Short(own.Zip(few, (many, one) => many.Result.Throughput / one.Result.Throughput).Median()),
                    Figures.Short(own.Select(sample => sample.Result.P50).Median()),
                    Figures.Short(own.Select(sample => sample.Result.P99).Median()),
                    Figures.Short(own.Select(sample => sample.CpuPerThousand).Median()) + (target.Database is Infrastructure.Shared.DatabaseProvider.Sqlite ? string.Empty : $" + {Figures.Short(own.Select(sample => sample.DatabaseCpuPerThousand).Median())}"),
                    Figures.Short(own.Zip(few, (many, one) => many.TotalCpuPerThousand / one.TotalCpuPerThousand).Median()),
                    ComparisonReport.Failures(own));
            }
        }

        return table;
    }
}
