using AiPlatform.Load.CommandLine;
using AiPlatform.Load.Driving;

namespace AiPlatform.Load.Measuring;

/// <summary>What a stream loses in time on its way: direct, through the bare proxy and through the platform, in turns.</summary>
internal static class StreamCommand
{
    public static Command Command { get; } = new(
        "stream",
        "the first chunk of a stream and the delay of each, direct, by a bare proxy and by the platform",
        [
            new("targets", "upstream,proxy,sqlite", Target.Help),
            new("chunks", "200", "chunks of a stream"),
            new("pause", "1", "milliseconds between two chunks"),
            new("rounds", "30", "streams of each target, in turns"),
            new("warm-up", "500", "streams of each target that are not counted"),
            new("set", string.Empty, "Key=Value, a setting of the platform; may be given several times"),
        ],
        RunAsync)
    {
        Notes = """
              A chunk's delay is the time from the provider's sending it to the client's having it, by the clock of the machine.
              The first chunk counts from the request on. Later: than the first target's, by medians.
            """,
    };

    private static async Task<int> RunAsync(Options options, CancellationToken cancellationToken)
    {
        Target[] targets = [.. options.List("targets").Select(Target.Parse)];
        var chunks = options.Number("chunks", 2, 10_000);
        var (rounds, warmUp) = (options.Number("rounds", 1, 1_000), options.Number("warm-up", 0, 1_000));
        await using var bench = new Bench(Exchange.Stream(chunks, options.Number("pause", 0, 1_000)));
        await bench.StartUpstreamAsync(cancellationToken);
        var watched = new List<Watched>();
        foreach (var target in targets)
        {
            await bench.StartAsync(target, 1, Settings.Of(options), cancellationToken);
            var (server, request) = bench.RequestTo(target);
            watched.Add(new Watched(target, new StreamClient(server), request));
        }

        for (var round = -warmUp; round < rounds; round++)
        {
            foreach (var one in watched)
            {
                await one.ReadAsync(chunks, isCounted: round >= 0, cancellationToken);
            }
        }

        Console.WriteLine(await Machine.DescribeAsync(bench.Folder, cancellationToken));
        Console.WriteLine($"- {rounds} streams of {chunks} chunks each, one at a time\n");
        var table = new MarkdownTable("target", "first p50 ms", "first p99 ms", "later ms", "chunk p50 ms", "chunk p99 ms");
        foreach (var one in watched)
        {
            table.Add(
                one.Target.Name,
                Figures.Short(one.First.Quantile(0.5)),
                Figures.Short(one.First.Quantile(0.99)),
                Figures.Short(one.First.Quantile(0.5) - watched[0].First.Quantile(0.5)),
                Figures.Short(one.Delays.Quantile(0.5)),
                Figures.Short(one.Delays.Quantile(0.99)));
            one.Reader.Dispose();
        }

        Console.WriteLine(table);
        return 0;
    }

    private sealed record Watched(Target Target, StreamClient Reader, byte[] Request)
    {
        public LatencyHistogram First { get; } = new();

        public LatencyHistogram Delays { get; } = new();

        public async Task ReadAsync(int chunks, bool isCounted, CancellationToken cancellationToken)
        {
            var (first, read) = await Reader.ReadAsync(Request, isCounted ? Delays : new LatencyHistogram(), cancellationToken);
            if (read != chunks)
            {
                throw new InvalidOperationException($"{Target.Name} brought {read} chunks of {chunks}.");
            }

            if (isCounted)
            {
                First.Add(first);
            }
        }
    }
}
