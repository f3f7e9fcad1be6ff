using System.Globalization;
using AiPlatform.Domain.Gateway;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Gateway;

/// <summary>Where the table of models is.</summary>
/// <param name="Path">A file; <see langword="null"/> for the one in the assembly.</param>
internal sealed record ModelTableSource(string? Path)
{
    /// <summary>The key that names the file.</summary>
    public const string Key = "Catalogue:ModelsCsv";

    /// <summary>The section that the key is in.</summary>
    public static readonly ReadSection Section = new("Catalogue", "ModelsCsv");
}

/// <summary>The models of <c>data/models_2024_aug.csv</c>, or of the file that takes its place.</summary>
internal static class ModelTable
{
    private const string Resource = "models_2024_aug.csv";
    private const string Header =
        "model,provider,context_window,quality_index,input_usd_per_1m,output_usd_per_1m,blended_usd_per_1m,median_tokens_per_s,median_first_chunk_s,enabled";

    // The models of the table write no longer answers.
    private const int MaxAnswerTokens = 4096;
    private const int MaxLines = 10_000;

    private static readonly DateOnly AsOf = new(2024, 8, 31);

    /// <summary>Puts the table over the models that come with the platform: what they lack is filled in, and what they are not is added.</summary>
    /// <exception cref="OptionsValidationException">The file cannot be read, or a line is wrong.</exception>
    public static IReadOnlyList<ShippedModel> Over(IReadOnlyList<ShippedModel> models, ModelTableSource source)
    {
        var rows = Parse(Lines(source)).ToDictionary(row => row.Name, StringComparer.OrdinalIgnoreCase);
        var known = models.SelectMany(model => model.Aliases.Append(model.Name)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. models.Select(model => rows.TryGetValue(model.Name, out var row) ? Fill(model, row) : model),
            .. rows.Values.Where(row => !known.Contains(row.Name)),
        ];
    }

    /// <summary>The models of a table's lines, the first of which is its header.</summary>
    /// <exception cref="OptionsValidationException">A line is wrong.</exception>
    internal static IReadOnlyList<ShippedModel> Parse(IReadOnlyList<string> lines)
    {
        if (lines.Count == 0 || lines[0].Trim() != Header)
        {
            throw Wrong(1, $"must be {Header}");
        }

        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var models = new List<ShippedModel>();
        for (var at = 1; at < lines.Count; at++)
        {
            if (lines[at].Trim().Length > 0)
            {
                var model = Row(lines[at], at + 1);
                models.Add(names.Add(model.Name) ? model : throw Wrong(at + 1, $"repeats the model {model.Name}"));
            }
        }

        return models;
    }

    private static List<string> Lines(ModelTableSource source)
    {
        try
        {
            using var reader = source.Path is null
                ? new StreamReader(typeof(ModelTable).Assembly.GetManifestResourceStream(Resource)
                    ?? throw new InvalidOperationException($"{Resource} is not in the assembly."))
                : new StreamReader(source.Path);
            var lines = new List<string>();
            while (reader.ReadLine() is { } line)
            {
                lines.Add(lines.Count < MaxLines ? line : throw Wrong(MaxLines + 1, $"is more than the {MaxLines} that are read"));
            }

            return lines;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Failure($"{ModelTableSource.Key} must name a file that can be read. {unreadable.Message}");
        }
    }

    private static ShippedModel Fill(ShippedModel model, ShippedModel row) => model with
    {
        ContextWindow = model.ContextWindow ?? row.ContextWindow,
        QualityIndex = model.QualityIndex ?? row.QualityIndex,
        MedianTokensPerSecond = model.MedianTokensPerSecond ?? row.MedianTokensPerSecond,
        MedianFirstChunkSeconds = model.MedianFirstChunkSeconds ?? row.MedianFirstChunkSeconds,
        Prices = model.Prices.Count > 0 ? model.Prices : row.Prices,
    };

    private static ShippedModel Row(string text, int line)
    {
        var fields = text.Split(',').Select(field => field.Trim()).ToArray();
        if (fields.Length != Header.Split(',').Length)
        {
            throw Wrong(line, $"must have {Header.Split(',').Length} fields");
        }

        var (name, provider) = (fields[0], fields[1]);
        if (!ModelName.IsName(name) || provider.Length is 0 or > RouteTerms.MaxProviderLength)
        {
            throw Wrong(line, "must name a model and its provider");
        }

        var (input, answer, blended) = (Price(fields[4], line, "input_usd_per_1m"), Price(fields[5], line, "output_usd_per_1m"), Price(fields[6], line, "blended_usd_per_1m"));
        if (blended != ((3 * input) + answer) / 4)
        {
            throw Wrong(line, "must have a blended_usd_per_1m of (3 × input + output) / 4");
        }

        return new ShippedModel(name, name, [ModelCapability.Chat], [new ShippedRoute(provider, name)])
        {
            ContextWindow = (int)(Number(fields[2], 1, ModelTraits.MaxTokens, line, "context_window") ?? throw Wrong(line, "must have a context_window")),
            QualityIndex = Number(fields[3], 0, 100, line, "quality_index"),
            MedianTokensPerSecond = Number(fields[7], 0.001, ModelTraits.MaxMeasure, line, "median_tokens_per_s"),
            MedianFirstChunkSeconds = Number(fields[8], 0, ModelTraits.MaxMeasure, line, "median_first_chunk_s"),
            MaxAnswerTokens = MaxAnswerTokens,
            Enabled = fields[9] switch { "true" => true, "false" => false, _ => throw Wrong(line, "must have true or false as enabled") },
            Prices = [new ListPrice("The provider's list price, as the table of models has it", AsOf) { Input = input, Answer = answer }],
        };
    }

    private static decimal Price(string text, int line, string name) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price)
        && price <= ModelPrice.MaxRate / (decimal)MeterUnits.PerDollar && decimal.IsInteger(price * MeterUnits.PerDollar)
            ? price
            : throw Wrong(line, $"must have a price in US dollars, no finer than a nano-dollar, as {name}");

    private static double? Number(string text, double least, double most, int line, string name)
    {
        if (text.Length == 0)
        {
            return null;
        }

        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Wrong(line, string.Create(CultureInfo.InvariantCulture, $"must have a number from {least} to {most} as {name}"));
    }

    private static OptionsValidationException Wrong(int line, string what) => Failure($"{ModelTableSource.Key} line {line} {what}.");

    private static OptionsValidationException Failure(string message) => new(ModelTableSource.Key, typeof(ModelTableSource), [message]);
}
