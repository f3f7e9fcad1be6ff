namespace AiPlatform.Domain.Gateway;

/// <summary>What a choice knows of a model.</summary>
/// <param name="Name">Public name.</param>
/// <param name="BlendedPrice">US dollars a million tokens, three of the prompt to one of the answer.</param>
/// <param name="QualityIndex">0 to 100; <see langword="null"/> counts as the mean of the others.</param>
/// <param name="FirstChunkSeconds">Median; <see langword="null"/> counts as the mean of the others.</param>
public sealed record ChoiceRow(string Name, double BlendedPrice, double? QualityIndex, double? FirstChunkSeconds);

/// <summary>Where in the table the caller wants to be, each 0 (its lowest) to 1 (its highest).</summary>
/// <param name="Cost">Of the price.</param>
/// <param name="Performance">Of the quality.</param>
/// <param name="Latency">Of the time to the first chunk.</param>
public sealed record ChoicePoint(double Cost = ChoicePoint.Middle, double Performance = ChoicePoint.Middle, double Latency = ChoicePoint.Middle)
{
    /// <summary>What a coordinate is that the caller does not name.</summary>
    public const double Middle = 0.5;

    /// <summary>Whether every coordinate is 0 to 1.</summary>
    public bool IsWithinTheTable => Array.TrueForAll([Cost, Performance, Latency], at => at is >= 0 and <= 1);
}

/// <summary>A model in the order of a choice, with what put it there.</summary>
/// <param name="Name">Public name.</param>
/// <param name="Distance">How far it is from where the caller wants to be; 0 is nearest.</param>
/// <param name="Cost">Its price, scaled to 0–1 over the table.</param>
/// <param name="Performance">Its quality, scaled to 0–1 over the table.</param>
/// <param name="Latency">Its time to the first chunk, scaled to 0–1 over the table.</param>
public sealed record RankedModel(string Name, double Distance, double Cost, double Performance, double Latency);

/// <summary>Chooses a model by price, quality and latency: <c>predict_model</c>.</summary>
public static class ModelChoice
{
    /// <summary>How many models a choice names: the one to use and two fallbacks.</summary>
    public const int Candidates = 3;

    // What differs by rounding alone is equally far.
    private const int DistanceDigits = 12;

    /// <summary>The nearest usable models.</summary>
    /// <param name="point">Where the caller wants to be.</param>
    /// <param name="table">Every model that is compared; the scale is the table's, whoever can be used.</param>
    /// <param name="isUsable">Whether a model of the table can be called.</param>
    /// <returns>At most <see cref="Candidates"/>, nearest first; ties by the lower price, then by name.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A coordinate of the point is not 0 to 1.</exception>
    public static IReadOnlyList<RankedModel> Nearest(ChoicePoint point, IReadOnlyList<ChoiceRow> table, Func<string, bool> isUsable)
    {
        if (!point.IsWithinTheTable)
        {
            throw new ArgumentOutOfRangeException(nameof(point), point, "A coordinate is 0 to 1.");
        }

        var cost = new Column([.. table.Select(row => (double?)row.BlendedPrice)]);
        var performance = new Column([.. table.Select(row => row.QualityIndex)]);
        var latency = new Column([.. table.Select(row => row.FirstChunkSeconds)]);
        return
        [
            .. table.Select((row, at) => (Row: row, Ranked: Rank(row.Name, at)))
                .Where(model => isUsable(model.Row.Name))
                .OrderBy(model => Math.Round(model.Ranked.Distance, DistanceDigits))
                .ThenBy(model => model.Row.BlendedPrice)
                .ThenBy(model => model.Row.Name, StringComparer.Ordinal)
                .Take(Candidates)
                .Select(model => model.Ranked),
        ];

        RankedModel Rank(string name, int at)
        {
            var (x, y, z) = (cost.Scaled(at), performance.Scaled(at), latency.Scaled(at));
            var squares = Square(x - cost.Place(point.Cost)) + Square(y - performance.Place(point.Performance)) + Square(z - latency.Place(point.Latency));
            return new RankedModel(name, Math.Sqrt(squares), x, y, z);
        }
    }

    private static double Square(double number) => number * number;

    /// <summary>One column of the table, scaled from its lowest to its highest value; a column of one value is 0 throughout.</summary>
    private sealed class Column
    {
        private readonly double[] _values;
        private readonly double _least;
        private readonly double _span;

        public Column(IReadOnlyList<double?> values)
        {
            var mean = values.Average() ?? 0;
            _values = [.. values.Select(value => value ?? mean)];
            _least = _values.DefaultIfEmpty(0).Min();
            _span = _values.DefaultIfEmpty(0).Max() - _least;
        }

        public double Scaled(int at) => _span > 0 ? (_values[at] - _least) / _span : 0;

        /// <summary>The caller's coordinate between the lowest and the highest scaled value.</summary>
        public double Place(double wanted) => _span > 0 ? wanted : 0;
    }
}
