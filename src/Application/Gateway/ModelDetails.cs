using System.Text.Json;
using AiPlatform.Domain.Gateway;

namespace AiPlatform.Application.Gateway;

/// <summary>A model as an administrator sees it; also what the history keeps of it.</summary>
/// <param name="Id">The model.</param>
/// <param name="Name">Public name.</param>
/// <param name="Aliases">Other names that find it.</param>
/// <param name="Family">Models that are asked in the same way share one.</param>
/// <param name="Capabilities">What it can be asked to do.</param>
/// <param name="Routes">The ways to reach it, by order.</param>
public sealed record ModelDetails(
    Guid Id,
    string Name,
    IReadOnlyList<string> Aliases,
    string Family,
    IReadOnlyList<ModelCapability> Capabilities,
    IReadOnlyList<ModelRoute> Routes)
{
    /// <summary>Most tokens of a prompt and its answer together.</summary>
    public int? ContextWindow { get; init; }

    /// <summary>Most tokens of an answer.</summary>
    public int MaxAnswerTokens { get; init; }

    /// <summary>The field that limits the answer's length.</summary>
    public string OutputLimitField { get; init; } = string.Empty;

    /// <summary>How good its answers are, 0 to 100.</summary>
    public double? QualityIndex { get; init; }

    /// <summary>Tokens of the answer a second, median.</summary>
    public double? MedianTokensPerSecond { get; init; }

    /// <summary>Seconds to the first chunk, median.</summary>
    public double? MedianFirstChunkSeconds { get; init; }

    /// <summary>When it was retired, UTC.</summary>
    public DateTimeOffset? RetiredAt { get; init; }

    /// <summary>When it was added, UTC.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed, UTC.</summary>
    public DateTimeOffset ModifiedAt { get; init; }

    /// <summary>Counts its changes from 1.</summary>
    public int Version { get; init; }

    /// <summary>The model as it is now.</summary>
    /// <param name="model">The model, with its names and routes.</param>
    public static ModelDetails Of(AiModel model) => new(
        model.Id,
        model.Name,
        [.. model.Aliases],
        model.Family,
        [.. model.Capabilities],
        [
            .. from route in model.Routes
               orderby route.RouteOrder, route.Id
               select new ModelRoute(route.Provider, route.UpstreamModel) { Order = route.RouteOrder, Weight = route.Weight, Enabled = route.Enabled }
        ])
    {
        ContextWindow = model.ContextWindow,
        MaxAnswerTokens = model.MaxAnswerTokens,
        OutputLimitField = model.OutputLimitField,
        QualityIndex = model.QualityIndex,
        MedianTokensPerSecond = model.MedianTokensPerSecond,
        MedianFirstChunkSeconds = model.MedianFirstChunkSeconds,
        RetiredAt = model.RetiredAt,
        CreatedAt = model.CreatedAt,
        ModifiedAt = model.ModifiedAt,
        Version = model.Version,
    };

    internal static ModelDetails? FromJson(string? text) => text is null ? null : JsonSerializer.Deserialize<ModelDetails>(text, JsonSerializerOptions.Web);

    internal string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);
}
