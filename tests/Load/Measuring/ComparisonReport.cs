namespace AiPlatform.Load.Measuring;

/// <summary>Samples of several rounds, side by side.</summary>
internal sealed class ComparisonReport
{
    private readonly Dictionary<(int Connections, Target Target), List<Sample>> _samples = [];

    /// <summary>Whether any call failed.</summary>
    public bool HasFailures => _samples.Values.SelectMany(samples => samples).Any(sample => sample.Result.Failures.Count > 0);

    public void Add(Target target, int connections, Sample sample) =>
        (_samples.TryGetValue((connections, target), out var samples) ? samples : _samples[(connections, target)] = []).Add(sample);

    /// <summary>Throughput, latency and cost.</summary>
    public string Comparison()
    {
        var table = new MarkdownTable(
            "target", "connections", "calls/s", "of the proxy", "p50 ms", "p99 ms", "CPU ms/1,000", "CPU of the proxy", "allocated/call", "peak memory", "failed");
        foreach (var ((connections, target), samples) in _samples)
        {
            var proxy = ProxyAt(connections);
            table.Add(
                target.Name,
                $"{connections}",
                Figures.Whole(Median(samples, sample => sample.Result.Throughput)),
                Ratio(samples, proxy, sample => sample.Result.Throughput),
                Figures.Short(Median(samples, sample => sample.Result.P50)),
                Figures.Short(Median(samples, sample => sample.Result.P99)),
                Cpu(samples),
                Ratio(samples, proxy, sample => sample.CpuPerThousand),
                Figures.Kibibytes(Median(samples, sample => sample.AllocatedPerCall)),
                Figures.Mebibytes(samples.Max(sample => sample.PeakMemory)),
                Failures(samples));
        }

        return table.ToString();
    }

    /// <summary>What the target adds to the latency of the proxy, at a rate that both can bear.</summary>
    public string AddedLatency()
    {
        var table = new MarkdownTable("target", "connections", "calls/s", "p50 ms", "p99 ms", "added p50 ms", "added p99 ms", "CPU ms/1,000", "failed");
        foreach (var ((connections, target), samples) in _samples)
        {
            var proxy = ProxyAt(connections);
            table.Add(
                target.Name,
                $"{connections}",
                Figures.Whole(Median(samples, sample => sample.Result.Throughput)),
                Figures.Short(Median(samples, sample => sample.Result.P50)),
                Figures.Short(Median(samples, sample => sample.Result.P99)),
                Added(samples, proxy, sample => sample.Result.P50),
                Added(samples, proxy, sample => sample.Result.P99),
                Cpu(samples),
                Failures(samples));
        }

        return table.ToString();
    }

    private List<Sample>? ProxyAt(int connections) =>
        _samples.FirstOrDefault(pair => pair.Key.Connections == connections && pair.Key.Target.Name == Target.Proxy).Value;

    private static double Median(IEnumerable<Sample> samples, Func<Sample, double> figure) => samples.Select(figure).Median();

    private static string Cpu(List<Sample> samples)
    {
        var database = Median(samples, sample => sample.DatabaseCpuPerThousand);
        return Figures.Short(Median(samples, sample => sample.CpuPerThousand)) + (database > 0 ? $" + {Figures.Short(database)}" : string.Empty);
    }

    // Both of one round saw the same machine, so their ratio varies less than either.
    private static string Ratio(List<Sample> samples, List<Sample>? proxy, Func<Sample, double> figure) =>
        proxy is null ? "–" : Figures.Short(samples.Zip(proxy, (own, bare) => figure(own) / figure(bare)).Median());

    private static string Added(List<Sample> samples, List<Sample>? proxy, Func<Sample, double> figure) =>
        proxy is null ? "–" : Figures.Short(samples.Zip(proxy, (own, bare) => figure(own) - figure(bare)).Median());

    private static string Failures(List<Sample> samples)
    {
        var kinds = samples.SelectMany(sample => sample.Result.Failures).GroupBy(pair => pair.Key, pair => pair.Value);
        return string.Join(", ", kinds.Select(kind => $"{kind.Key}: {kind.Sum()}")) is { Length: > 0 } text ? text : "0";
    }
}
