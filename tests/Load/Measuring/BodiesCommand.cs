using AiPlatform.Load.CommandLine;
using AiPlatform.Load.Driving;

namespace AiPlatform.Load.Measuring;

/// <summary>What a chat completion of any size costs through the model API, beside the bare proxy.</summary>
internal static class BodiesCommand
{
    private const int MaxPadding = 4_000_000;

    public static Command Command { get; } = new(
        "bodies",
        "chat completions with large requests and answers, by a bare proxy and by the platform",
        [
            new("targets", "proxy,sqlite", Target.Help),
            new("request", "1000000", "bytes by which the request is longer; 0 for a plain call"),
            new("answer", "1000000", "bytes by which the answer is longer; 0 for a plain call"),
            new("connections", "8", "how many connections"),
            new("seconds", "3", "how long a measurement counts"),
            new("rounds", "3", "how often all is measured; the table shows medians"),
            new("warm-up", "5", "seconds each target is driven before the first round"),
            new("set", string.Empty, "Key=Value, a setting of the platform; may be given several times"),
        ],
        RunAsync);

    private static async Task<int> RunAsync(Options options, CancellationToken cancellationToken)
    {
        Target[] targets = [.. options.List("targets").Select(Target.Parse)];
        var (request, answer) = (options.Number("request", 0, MaxPadding), options.Number("answer", 0, MaxPadding));
        var plan = new DrivePlan(options.Number("connections", 1, 256), TimeSpan.FromSeconds(0.5), options.Seconds("seconds", 0.1, 60));
        var rounds = options.Number("rounds", 1, 100);
        var body = Requests.ProviderBody.Replace("blue?", $"blue?{new string('.', request)}", StringComparison.Ordinal);
        await using var bench = new Bench(Exchange.Chat(body) with { UpstreamOptions = ["--padding", $"{answer}"] });
        await bench.StartUpstreamAsync(cancellationToken);
        foreach (var target in targets)
        {
            await bench.StartAsync(target, 8, Settings.Of(options), cancellationToken);
            await bench.DriveAsync(
                target, plan with { WarmUp = options.Seconds("warm-up", 0, 60), Duration = TimeSpan.FromSeconds(0.1) }, cancellationToken);
        }

        var report = new ComparisonReport();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var target in round % 2 == 0 ? targets : targets.Reverse())
            {
                report.Add(target, plan.Connections, await bench.DriveAsync(target, plan, cancellationToken));
            }
        }

        Console.WriteLine(await Machine.DescribeAsync(bench.Folder, cancellationToken));
        Console.WriteLine($"- {rounds} rounds of {plan.Duration.TotalSeconds} s, closed loop; requests {request} and answers {answer} bytes longer; medians\n");
        Console.WriteLine(report.Comparison());
        return report.HasFailures ? 1 : 0;
    }
}
