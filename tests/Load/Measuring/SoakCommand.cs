using AiPlatform.Load.CommandLine;
using AiPlatform.Load.Driving;

namespace AiPlatform.Load.Measuring;

/// <summary>Whether memory stays flat over many calls.</summary>
internal static class SoakCommand
{
    public static Command Command { get; } = new(
        "soak",
        "many calls on one process, with its memory on the way",
        [
            new("target", "sqlite", "sqlite or postgres, with :batch=N and :hot"),
            new("calls", "1000000", "how many calls"),
            new("minutes", "30", "after this it ends, however many calls there were"),
            new("connections", "64", "how many connections"),
            new("users", "1000", "how many users, each with an account"),
            new("every", "10", "seconds between two samples of the memory"),
            new("set", string.Empty, "Key=Value, a setting of the platform; may be given several times"),
        ],
        RunAsync);

    private static async Task<int> RunAsync(Options options, CancellationToken cancellationToken)
    {
        var target = Target.Parse(options.Text("target"));
        var (calls, limit) = (options.Number("calls", 1, 1_000_000_000), TimeSpan.FromMinutes(options.Number("minutes", 1, 1440)));
        var plan = new DrivePlan(options.Number("connections", 1, 4096), TimeSpan.Zero, options.Seconds("every", 1, 600));
        await using var bench = new Bench(Exchange.Question);
        await bench.StartUpstreamAsync(cancellationToken);
        await bench.StartAsync(target, options.Number("users", 1, 1_000_000), Settings.Of(options), cancellationToken);

        var table = new MarkdownTable("calls so far", "memory", "calls/s", "p99 ms", "allocated/call", "full collections", "failed");
        var (made, failed, spent, memory) = (0L, 0L, TimeSpan.Zero, new List<long>());
        while (made < calls && spent < limit)
        {
            var sample = await bench.DriveAsync(target, plan, cancellationToken);
            made += sample.Result.Succeeded;
            failed += sample.Result.Failures.Values.Sum();
            spent += TimeSpan.FromSeconds(sample.Result.Seconds);
            memory.Add(bench.MemoryOf(target));
            table.Add(
                Figures.Whole(made),
                Figures.Mebibytes(memory[^1]),
                Figures.Whole(sample.Result.Throughput),
                Figures.Short(sample.Result.P99),
                Figures.Kibibytes(sample.AllocatedPerCall),
                Figures.Whole(sample.After.Runtime.FullCollections),
                ComparisonReport.Failures([sample]));
        }

        Console.WriteLine(await Machine.DescribeAsync(bench.Folder, cancellationToken));
        Console.WriteLine($"- {target.Name}, {plan.Connections} connections, {options.Text("users")} users, {spent.TotalSeconds:F0} s of load\n");
        Console.WriteLine(table);
        var quarter = Math.Max(1, memory.Count / 4);
        var (second, last) = (memory.Skip(quarter).Take(quarter).Select(bytes => (double)bytes).Median(), memory.TakeLast(quarter).Select(bytes => (double)bytes).Median());
        Console.WriteLine($"\nMemory, medians: {Figures.Mebibytes(second)} in the second quarter of the run, {Figures.Mebibytes(last)} in the last.");
        return failed > 0 || made < calls ? 1 : 0;
    }
}
