using AiPlatform.Domain.Gateway;

namespace AiPlatform.Application.Gateway;

/// <summary>One way to reach a model.</summary>
/// <param name="Provider">Name of the provider.</param>
/// <param name="UpstreamModel">What the provider calls the model; on Azure OpenAI, the deployment.</param>
public sealed record ModelRoute(string Provider, string UpstreamModel)
{
    /// <summary>Routes of the lowest order are tried first, those of later orders where they fail.</summary>
    public int Order { get; init; }

    /// <summary>1 to 1,000: routes of one order share the calls by it.</summary>
    public int Weight { get; init; } = RouteTerms.DefaultWeight;

    /// <summary>Whether calls may take it.</summary>
    public bool Enabled { get; init; } = true;
}

/// <summary>A model that the platform offers.</summary>
/// <param name="Name">Public name, unique without regard to case.</param>
/// <param name="Family">Models that are asked in the same way share one.</param>
/// <param name="Capabilities">What it can be asked to do.</param>
/// <param name="Routes">The ways to reach it, by order.</param>
public sealed record CatalogueModel(
    string Name, string Family, IReadOnlyList<ModelCapability> Capabilities, IReadOnlyList<ModelRoute> Routes)
{
    /// <summary>Most tokens of an answer where the catalogue does not say how many a model can write.</summary>
    public const int DefaultMaxAnswerTokens = ModelTraits.DefaultMaxAnswerTokens;

    /// <summary>Other names that find it.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Most tokens of a prompt and its answer together; <see langword="null"/> where it is not known.</summary>
    public int? ContextWindow { get; init; }

    /// <summary>Most tokens of an answer that the model can write, those of its reasoning included.</summary>
    public int MaxAnswerTokens { get; init; } = DefaultMaxAnswerTokens;

    /// <summary>The field that limits the answer's length; reasoning models know only <c>max_completion_tokens</c>.</summary>
    public string OutputLimitField { get; init; } = "max_tokens";

    /// <summary>How good its answers are, 0 to 100; <see langword="null"/> where nobody measured.</summary>
    public double? QualityIndex { get; init; }

    /// <summary>Tokens of the answer a second, median; <see langword="null"/> where nobody measured.</summary>
    public double? MedianTokensPerSecond { get; init; }

    /// <summary>Seconds to the first chunk, median; <see langword="null"/> where nobody measured.</summary>
    public double? MedianFirstChunkSeconds { get; init; }

    /// <summary>When it was added, UTC.</summary>
    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>The models that the platform offers, as they are now: a change shows at once in the process that made it, and within a second in others.</summary>
public interface IModelCatalogue
{
    /// <summary>Every model that is offered, by name; retired ones are none.</summary>
    IReadOnlyList<CatalogueModel> Models { get; }

    /// <summary>The model of a public name or an alias, without regard to case; <see langword="null"/> where none is offered.</summary>
    /// <param name="name">The public name or an alias.</param>
    CatalogueModel? Find(string name);
}

/// <summary>Brings what this process knows of the catalogue up to date.</summary>
public interface ICatalogueSnapshot
{
    /// <summary>Reads the catalogue again; call it after the commit of a change.</summary>
    /// <param name="cancellationToken">Gives up; what was known stays.</param>
    Task RefreshAsync(CancellationToken cancellationToken);
}
