using System.Text.Json;
using System.Text.Json.Serialization;
using AiPlatform.Domain.Gateway;

namespace AiPlatform.Infrastructure.Gateway;

/// <summary>A model that comes with the platform.</summary>
/// <param name="Name">Public name.</param>
/// <param name="Family">Models that are asked in the same way share one.</param>
/// <param name="Capabilities">What it can be asked to do.</param>
/// <param name="Routes">The ways to reach it; one without an order of its own stands behind those before it.</param>
internal sealed record ShippedModel(
    string Name, string Family, IReadOnlyList<ModelCapability> Capabilities, IReadOnlyList<ShippedRoute> Routes)
{
    /// <summary>Other names that find it.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Most tokens of a prompt and its answer together.</summary>
    public int? ContextWindow { get; init; }

    /// <summary>Most tokens of an answer.</summary>
    public int MaxAnswerTokens { get; init; } = ModelTraits.DefaultMaxAnswerTokens;

    /// <summary>The field that limits the answer's length.</summary>
    public string OutputLimitField { get; init; } = "max_tokens";

    /// <summary>How good its answers are, 0 to 100.</summary>
    public double? QualityIndex { get; init; }

    /// <summary>Tokens of the answer a second, median.</summary>
    public double? MedianTokensPerSecond { get; init; }

    /// <summary>Seconds to the first chunk, median.</summary>
    public double? MedianFirstChunkSeconds { get; init; }

    /// <summary>Whether it is offered by a new installation.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>What its provider asks for it, as published; none where no source is known.</summary>
    public IReadOnlyList<ListPrice> Prices { get; init; } = [];

    /// <summary>What is said of it.</summary>
    public ModelTraits Traits() => new(Family, Capabilities)
    {
        ContextWindow = ContextWindow,
        MaxAnswerTokens = MaxAnswerTokens,
        OutputLimitField = OutputLimitField,
        QualityIndex = QualityIndex,
        MedianTokensPerSecond = MedianTokensPerSecond,
        MedianFirstChunkSeconds = MedianFirstChunkSeconds,
    };

    /// <summary>The ways to reach it.</summary>
    public IReadOnlyList<RouteTerms> Terms() =>
        [.. Routes.Select((route, at) => new RouteTerms(route.Provider, route.UpstreamModel) { Order = route.Order ?? at, Weight = route.Weight })];

    /// <summary>The model that a new installation has.</summary>
    public AiModel ToModel(DateTimeOffset now)
    {
        var model = new AiModel(Name, Aliases, Traits(), Terms(), now);
        if (!Enabled)
        {
            model.Retire(now);
        }

        return model;
    }
}

/// <summary>A route that comes with the platform.</summary>
/// <param name="Provider">Name of the provider.</param>
/// <param name="UpstreamModel">What the provider calls the model.</param>
internal sealed record ShippedRoute(string Provider, string UpstreamModel)
{
    /// <summary>Its order; its place in the list where none is given.</summary>
    public int? Order { get; init; }

    /// <summary>Routes of one order share the calls by it.</summary>
    public int Weight { get; init; } = RouteTerms.DefaultWeight;
}

/// <summary>A published price, in US dollars.</summary>
/// <param name="Source">Where it is published.</param>
/// <param name="AsOf">The day on which the source said so.</param>
internal sealed record ListPrice(string Source, DateOnly AsOf)
{
    /// <summary>The first instant at which it applies; a model's first price applies at all times before the next.</summary>
    public DateTimeOffset EffectiveFrom { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>A million tokens of the prompt.</summary>
    public decimal? Input { get; init; }

    /// <summary>A million tokens of the prompt that the provider had cached.</summary>
    public decimal? CachedInput { get; init; }

    /// <summary>A million tokens of the prompt that the provider wrote to its cache for its usual time, where they cost other than the rest.</summary>
    public decimal? CacheWrite { get; init; }

    /// <summary>A million tokens of the prompt that the provider wrote to its cache for an hour.</summary>
    public decimal? LongCacheWrite { get; init; }

    /// <summary>A million tokens of the answer.</summary>
    public decimal? Answer { get; init; }

    /// <summary>A million tokens of the answer that the model thought with, where they cost other than the rest.</summary>
    public decimal? Reasoning { get; init; }

    /// <summary>Images.</summary>
    public IReadOnlyList<ListImagePrice> Images { get; init; } = [];
}

/// <summary>A published price of an image, in US dollars.</summary>
/// <param name="Size">Width and height in pixels.</param>
/// <param name="Quality">The provider's word for it.</param>
/// <param name="Price">US dollars an image.</param>
internal sealed record ListImagePrice(string Size, string Quality, decimal Price);

/// <summary>The models in <c>data/models.json</c>, which the build puts into the assembly.</summary>
internal static class ShippedModels
{
    private const string Resource = "models.json";

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Reads them.</summary>
    /// <exception cref="JsonException">The file is not a catalogue.</exception>
    public static IReadOnlyList<ShippedModel> Read()
    {
        using var file = typeof(ShippedModels).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{Resource} is not in the assembly.");
        return (JsonSerializer.Deserialize<Content>(file, Format) ?? throw new JsonException($"{Resource} is empty.")).Models;
    }

    private sealed record Content(IReadOnlyList<ShippedModel> Models);
}
