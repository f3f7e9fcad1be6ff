using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Gateway;

namespace AiPlatform.Application.Gateway;

/// <summary>A route as an administrator sends it.</summary>
public sealed record RouteFields
{
    /// <summary>Name of the provider.</summary>
    /// <example>OpenAI</example>
    [Required]
    [MaxLength(RouteTerms.MaxProviderLength)]
    public Supplied<string> Provider { get; init; }

    /// <summary>What the provider calls the model; on Azure OpenAI, the deployment.</summary>
    /// <example>gpt-4o-mini</example>
    [Required]
    [MaxLength(RouteTerms.MaxUpstreamLength)]
    public Supplied<string> UpstreamModel { get; init; }

    /// <summary>Routes of the lowest order are tried first; the place in the list by default.</summary>
    [Range(0, RouteTerms.MaxOrder)]
    public Supplied<int> Order { get; init; }

    /// <summary>Routes of one order share the calls by it; 100 by default.</summary>
    [Range(1, RouteTerms.MaxWeight)]
    public Supplied<int> Weight { get; init; }

    /// <summary>Whether calls may take it; true by default.</summary>
    public Supplied<bool> Enabled { get; init; }

    internal bool IsRight =>
        Word(Provider, RouteTerms.MaxProviderLength) && Word(UpstreamModel, RouteTerms.MaxUpstreamLength)
        && (Order.IsLeftOut || (Order.IsGiven && Order.Value is >= 0 and <= RouteTerms.MaxOrder))
        && (Weight.IsLeftOut || (Weight.IsGiven && Weight.Value is >= 1 and <= RouteTerms.MaxWeight))
        && !Enabled.IsMistyped;

    internal RouteTerms ToTerms(int place) => new(Provider.Value.Trim(), UpstreamModel.Value.Trim())
    {
        Order = Order.Or(place),
        Weight = Weight.Or(RouteTerms.DefaultWeight),
        Enabled = Enabled.Or(true),
    };

    private static bool Word(Supplied<string> text, int limit) =>
        text.IsGiven && text.Value.Trim().Length > 0 && text.Value.Length <= limit && !text.Value.Any(char.IsControl);
}

/// <summary>What an administrator says of a model.</summary>
public abstract record ModelFields
{
    /// <summary>A usable access token of the administrator.</summary>
    /// <example>the token that GET /get-token answered</example>
    [Required]
    public Supplied<string> Token { get; init; }

    /// <summary>Other names that find it, unique over the names and aliases of all models.</summary>
    /// <example>["documented-alias"]</example>
    [MaxLength(AiModel.MaxAliases)]
    public Supplied<IReadOnlyList<string>> Aliases { get; init; }

    /// <summary>The ways to reach it, by order; routes of the same order share the calls by weight.</summary>
    [MaxLength(AiModel.MaxRoutes)]
    public Supplied<IReadOnlyList<RouteFields>> Routes { get; init; }

    /// <summary>Most tokens of a prompt and its answer together; <c>null</c> where it is not known.</summary>
    /// <example>128000</example>
    [Range(1, ModelTraits.MaxTokens)]
    public Supplied<int> ContextWindow { get; init; }

    /// <summary>Most tokens of an answer, those of its reasoning included; 8192 for a new model that does not say.</summary>
    /// <example>16384</example>
    [Range(1, ModelTraits.MaxTokens)]
    public Supplied<int> MaxAnswerTokens { get; init; }

    /// <summary>The field that limits the answer's length; reasoning models know only <c>max_completion_tokens</c>.</summary>
    /// <example>max_tokens</example>
    [AllowedValues("max_tokens", "max_completion_tokens")]
    public Supplied<string> OutputLimitField { get; init; }

    /// <summary>How good its answers are; <c>null</c> where nobody measured.</summary>
    /// <example>71.5</example>
    [Range(0.0, 100.0)]
    public Supplied<double> QualityIndex { get; init; }

    /// <summary>Tokens of the answer a second, median; <c>null</c> where nobody measured.</summary>
    /// <example>85</example>
    [Range(0.0, ModelTraits.MaxMeasure)]
    public Supplied<double> MedianTokensPerSecond { get; init; }

    /// <summary>Seconds to the first chunk of the answer, median; <c>null</c> where nobody measured.</summary>
    /// <example>0.45</example>
    [Range(0.0, ModelTraits.MaxMeasure)]
    public Supplied<double> MedianFirstChunkSeconds { get; init; }

    /// <summary>The traits of a model with what was sent put over them; a number that was sent as null is not known any more.</summary>
    internal ModelTraits Over(ModelTraits traits) => traits with
    {
        ContextWindow = Over(ContextWindow, traits.ContextWindow),
        MaxAnswerTokens = MaxAnswerTokens.Or(traits.MaxAnswerTokens),
        OutputLimitField = OutputLimitField.Or(traits.OutputLimitField),
        QualityIndex = Over(QualityIndex, traits.QualityIndex),
        MedianTokensPerSecond = Over(MedianTokensPerSecond, traits.MedianTokensPerSecond),
        MedianFirstChunkSeconds = Over(MedianFirstChunkSeconds, traits.MedianFirstChunkSeconds),
    };

    internal IReadOnlyList<RouteTerms> RouteTermsOr(IReadOnlyList<RouteTerms> otherwise) =>
        Routes.IsGiven ? [.. Routes.Value.Select((route, place) => route.ToTerms(place))] : otherwise;

    private static T? Over<T>(Supplied<T> sent, T? known)
        where T : struct => sent.IsGiven ? sent.Value : sent == Supplied<T>.Null ? null : known;
}

/// <summary>The rules of what is said of a model, in the order in which they are checked.</summary>
/// <typeparam name="T">The request.</typeparam>
internal abstract class ModelFieldRules<T> : OrderedValidator<T>
    where T : ModelFields
{
    /// <summary>The names of everything that a model can be asked to do.</summary>
    protected static readonly IReadOnlyDictionary<string, ModelCapability> Capabilities =
        Enum.GetValues<ModelCapability>().ToDictionary(capability => CapabilityNames.Of(capability));

    /// <summary>Requires a body and a token that confirms the caller.</summary>
    protected void RequireConfirmedBody()
    {
        RequireBody();
        Require(request => request.Token.IsGiven && request.Token.Value.Length > 0, RequestErrors.Invalid("Valid token is required"));
        RequireConfirmation(request => request.Token.Value);
    }

    /// <summary>Requires that what is said of a model is in range.</summary>
    protected void RequireTraits(Func<T, Supplied<string>> family, Func<T, Supplied<IReadOnlyList<string>>> capabilities)
    {
        RequireText("family", family, ModelTraits.MaxWordLength);
        Require(
            request => family(request).IsLeftOut || (family(request).Value.Trim().Length > 0 && !family(request).Value.Any(char.IsControl)),
            RequestErrors.Invalid("family must not be empty"));
        Require(
            request => capabilities(request).IsAbsentOr(
                words => words.Count > 0 && words.Distinct().Count() == words.Count && words.All(Capabilities.ContainsKey)),
            RequestErrors.Invalid($"capabilities must be a list of: {string.Join(", ", Capabilities.Keys)}"));
        Require(
            request => request.Aliases.IsLeftOut || (request.Aliases.IsGiven && AreNames(request.Aliases.Value)),
            RequestErrors.Invalid($"aliases must be a list of at most {AiModel.MaxAliases} different names of letters, digits and . _ - : / @"));
        Require(request => request.Routes.IsLeftOut || (request.Routes.IsGiven && AreRoutes(request.Routes.Value)), RequestErrors.Invalid(
            $"routes must be a list of at most {AiModel.MaxRoutes} different routes, each with provider, upstream_model, "
            + $"order (0 to {RouteTerms.MaxOrder}), weight (1 to {RouteTerms.MaxWeight}) and enabled"));
        RequireCount("context_window", request => request.ContextWindow);
        RequireCount("max_answer_tokens", request => request.MaxAnswerTokens);
        Require(
            request => request.OutputLimitField.IsLeftOut || request.OutputLimitField.Or(string.Empty) is "max_tokens" or "max_completion_tokens",
            RequestErrors.Invalid("output_limit_field must be max_tokens or max_completion_tokens"));
        RequireMeasure("quality_index", request => request.QualityIndex, 0, 100);
        RequireMeasure("median_tokens_per_second", request => request.MedianTokensPerSecond, double.Epsilon, ModelTraits.MaxMeasure);
        RequireMeasure("median_first_chunk_seconds", request => request.MedianFirstChunkSeconds, 0, ModelTraits.MaxMeasure);
    }

    private static bool AreNames(IReadOnlyList<string> names) =>
        names.Count <= AiModel.MaxAliases && names.All(ModelName.IsName) && names.Select(ModelName.Normalise).Distinct().Count() == names.Count;

    private static bool AreRoutes(IReadOnlyList<RouteFields> routes) =>
        routes.Count <= AiModel.MaxRoutes && routes.All(route => route.IsRight)
        && routes.DistinctBy(route => (route.Provider.Value.Trim().ToUpperInvariant(), route.UpstreamModel.Value.Trim())).Count() == routes.Count;

    private void RequireCount(string name, Func<T, Supplied<int>> count) => Require(
        request => count(request).IsLeftOut || (count(request).IsGiven && count(request).Value is >= 1 and <= ModelTraits.MaxTokens),
        RequestErrors.Invalid($"{name} must be a whole number from 1 to {ModelTraits.MaxTokens}"));

    private void RequireMeasure(string name, Func<T, Supplied<double>> measure, double least, double most) => Require(
        request => measure(request).IsLeftOut || (measure(request).IsGiven && measure(request).Value >= least && measure(request).Value <= most),
        RequestErrors.Invalid($"{name} must be a number {(least > 0 ? "above" : "from")} 0 {(least > 0 ? "and at most" : "to")} {most}"));
}
