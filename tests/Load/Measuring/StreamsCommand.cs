using AiPlatform.Load.CommandLine;
using AiPlatform.Load.Driving;
using AiPlatform.Load.Processes;

namespace AiPlatform.Load.Measuring;

/// <summary>What many slow streams at once cost in memory and threads.</summary>
internal static class StreamsCommand
{
    public static Command Command { get; } = new(
        "streams",
        "memory and threads of many slow streams at once",
        [
            new("targets", "proxy,sqlite", Target.Help),
            new("streams", "500", "streams at once"),
            new("pause", "500", "milliseconds between two chunks"),
            new("chunks", "24", "chunks of a stream"),
            new("set", string.Empty, "Key=Value, a setting of the platform; may be given several times"),
        ],
        RunAsync)
    {
        Notes = """
              All streams run to their end once before anything counts. The live heap is read after a collection; it is the streams'
              share, with their connections. Memory is physical, and keeps what the collector has not given back.
            """,
    };

    private static async Task<int> RunAsync(Options options, CancellationToken cancellationToken)
    {
        Target[] targets = [.. options.List("targets").Select(Target.Parse)];
        var (streams, chunks) = (options.Number("streams", 1, 4096), options.Number("chunks", 4, 1_000));
        var pause = options.Number("pause", 50, 10_000);
        await using var bench = new Bench(Exchange.Stream(chunks, pause));
        await bench.StartUpstreamAsync(cancellationToken);
        var table = new MarkdownTable(
            "target", "live before", "during", "after", "live/stream", "memory before", "during", "after", "memory/stream", "threads before", "during");
        foreach (var target in targets)
        {
            await bench.StartAsync(target, 1, Settings.Of(options), cancellationToken);
            var (process, (server, request)) = (bench.ProcessOf(target), bench.RequestTo(target));
            await ReadAllAsync();
            var before = await Reading.TakeAsync(process, cancellationToken);
            var running = ReadAllAsync();

            // Halfway all of them have begun and none has ended.
            await Task.Delay(pause * chunks / 2, cancellationToken);
            var during = await Reading.TakeAsync(process, cancellationToken);
            if (running.IsCompleted)
            {
                throw new InvalidOperationException("The streams ended before they were looked at.");
            }

            await running;
            var after = await Reading.TakeAsync(process, cancellationToken);
            table.Add(
                target.Name,
                Figures.Mebibytes(before.Live),
                Figures.Mebibytes(during.Live),
                Figures.Mebibytes(after.Live),
                Figures.Kibibytes((double)(during.Live - before.Live) / streams),
                Figures.Mebibytes(before.Memory),
                Figures.Mebibytes(during.Memory),
                Figures.Mebibytes(after.Memory),
                Figures.Kibibytes((double)(during.Memory - before.Memory) / streams),
                $"{before.Threads}",
                $"{during.Threads}");

            Task ReadAllAsync() => Task.WhenAll(Enumerable.Range(0, streams).Select(async _ =>
            {
                using var reader = new StreamClient(server);
                var (_, read) = await reader.ReadAsync(request, new LatencyHistogram(), cancellationToken);
                return read == chunks ? read : throw new InvalidOperationException($"{target.Name} brought {read} chunks of {chunks}.");
            }));
        }

        Console.WriteLine(await Machine.DescribeAsync(bench.Folder, cancellationToken));
        Console.WriteLine($"- {streams} streams at once, each {chunks} chunks {pause} ms apart\n");
        Console.WriteLine(table);
        return 0;
    }

    private readonly record struct Reading(long Live, long Memory, long Threads)
    {
        public static async Task<Reading> TakeAsync(MeasuredProcess process, CancellationToken cancellationToken)
        {
            var live = await process.LiveHeapAsync(cancellationToken);
            return new Reading(live, ProcessReadings.Memory(process.Id), ProcessReadings.Threads(process.Id));
        }
    }
}
