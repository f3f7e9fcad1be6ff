using System.Text.Json;
using AiPlatform.Application.Gateway;
using AiPlatform.WebApi.Shared;

namespace AiPlatform.WebApi.Gateway;

/// <summary>A way to reach a model.</summary>
/// <param name="Provider" example="OpenAI">Name of the provider.</param>
/// <param name="UpstreamModel" example="gpt-4o-mini">What the provider calls the model.</param>
/// <param name="Order" example="0">Routes of the lowest order are tried first.</param>
/// <param name="Weight" example="100">Routes of one order share the calls by it.</param>
/// <param name="Enabled" example="true">Whether calls may take it.</param>
public sealed record ModelRouteReply(string Provider, string UpstreamModel, int Order, int Weight, bool Enabled);

/// <summary>A model of the catalogue.</summary>
/// <param name="ModelId">The model.</param>
/// <param name="Name" example="gpt-4o-mini">Public name.</param>
/// <param name="Aliases">Other names that find it.</param>
/// <param name="Family" example="gpt-4o">Models that are asked in the same way share one.</param>
/// <param name="Capabilities" example="[&quot;chat&quot;]">What it can be asked to do.</param>
/// <param name="Routes">The ways to reach it, by order.</param>
public sealed record CatalogueModelReply(
    Guid ModelId,
    string Name,
    IReadOnlyList<string> Aliases,
    string Family,
    IReadOnlyList<string> Capabilities,
    IReadOnlyList<ModelRouteReply> Routes)
{
    /// <summary>Most tokens of a prompt and its answer together; <c>null</c> where it is not known.</summary>
    /// <example>128000</example>
    public required int? ContextWindow { get; init; }

    /// <summary>Most tokens of an answer, those of its reasoning included.</summary>
    /// <example>16384</example>
    public required int MaxAnswerTokens { get; init; }

    /// <summary>The field that limits the answer's length.</summary>
    /// <example>max_tokens</example>
    public required string OutputLimitField { get; init; }

    /// <summary>How good its answers are, 0 to 100; <c>null</c> where nobody measured.</summary>
    /// <example>71.5</example>
    public required double? QualityIndex { get; init; }

    /// <summary>Tokens of the answer a second, median; <c>null</c> where nobody measured.</summary>
    /// <example>85</example>
    public required double? MedianTokensPerSecond { get; init; }

    /// <summary>Seconds to the first chunk of the answer, median; <c>null</c> where nobody measured.</summary>
    /// <example>0.45</example>
    public required double? MedianFirstChunkSeconds { get; init; }

    /// <summary>Whether callers find it.</summary>
    /// <example>true</example>
    public required bool Offered { get; init; }

    /// <summary>When it was retired, UTC; <c>null</c> while it is offered.</summary>
    public required string? RetiredAt { get; init; }

    /// <summary>When it was added, UTC.</summary>
    /// <example>2025-03-05T12:00:00Z</example>
    public required string CreatedAt { get; init; }

    /// <summary>When it last changed, UTC.</summary>
    /// <example>2025-03-05T12:00:00Z</example>
    public required string ModifiedAt { get; init; }

    /// <summary>Counts its changes from 1.</summary>
    /// <example>1</example>
    public required int Version { get; init; }

    internal static CatalogueModelReply Of(ModelDetails model) => new(
        model.Id,
        model.Name,
        model.Aliases,
        model.Family,
        [.. model.Capabilities.Select(CapabilityNames.Of)],
        [.. model.Routes.Select(route => new ModelRouteReply(route.Provider, route.UpstreamModel, route.Order, route.Weight, route.Enabled))])
    {
        ContextWindow = model.ContextWindow,
        MaxAnswerTokens = model.MaxAnswerTokens,
        OutputLimitField = model.OutputLimitField,
        QualityIndex = model.QualityIndex,
        MedianTokensPerSecond = model.MedianTokensPerSecond,
        MedianFirstChunkSeconds = model.MedianFirstChunkSeconds,
        Offered = model.RetiredAt is null,
        RetiredAt = model.RetiredAt is { } retired ? UtcText.ToTheSecond(retired) : null,
        CreatedAt = UtcText.ToTheSecond(model.CreatedAt),
        ModifiedAt = UtcText.ToTheSecond(model.ModifiedAt),
        Version = model.Version,
    };
}

/// <summary>A page of models.</summary>
/// <param name="Models">The models, by name.</param>
/// <param name="Count">How many the page has.</param>
/// <param name="Page">Which page this is, from 1.</param>
/// <param name="PerPage">Most models of a page.</param>
/// <param name="HasMore">Whether later models match.</param>
public sealed record ModelPageReply(IReadOnlyList<CatalogueModelReply> Models, int Count, int Page, int PerPage, bool HasMore)
{
    internal static ModelPageReply Of(ModelPage page) =>
        new([.. page.Models.Select(CatalogueModelReply.Of)], page.Models.Count, page.Page, page.PerPage, page.HasMore);
}

/// <summary>What an administrator did to a model.</summary>
/// <param name="Action" example="changed">What was done: added, changed, retired or restored.</param>
/// <param name="Before">The model before; <c>null</c> where it was added.</param>
/// <param name="After">The model after.</param>
/// <param name="ChangedBy">The administrator.</param>
/// <param name="ChangedAt" example="2025-03-05T12:00:00.123456Z">When, UTC.</param>
public sealed record ModelChangeReply(string Action, CatalogueModelReply? Before, CatalogueModelReply After, Guid ChangedBy, string ChangedAt)
{
    internal static ModelChangeReply Of(ModelChange change) => new(
        JsonNamingPolicy.SnakeCaseLower.ConvertName(change.Kind.ToString()),
        change.Before is null ? null : CatalogueModelReply.Of(change.Before),
        CatalogueModelReply.Of(change.After),
        change.ActorId,
        UtcText.Of(change.ChangedAt)!);
}

/// <summary>A page of a model's history.</summary>
/// <param name="Changes">The changes, the latest first.</param>
/// <param name="Count">How many the page has.</param>
/// <param name="Page">Which page this is, from 1.</param>
/// <param name="PerPage">Most changes of a page.</param>
/// <param name="HasMore">Whether there are earlier ones.</param>
public sealed record ModelHistoryReply(IReadOnlyList<ModelChangeReply> Changes, int Count, int Page, int PerPage, bool HasMore)
{
    internal static ModelHistoryReply Of(ModelHistoryPage page) =>
        new([.. page.Changes.Select(ModelChangeReply.Of)], page.Changes.Count, page.Page, page.PerPage, page.HasMore);
}
