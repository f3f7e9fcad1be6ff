namespace AiPlatform.Application.Gateway;

/// <summary>What a model can be asked to do.</summary>
public enum ModelCapability
{
    /// <summary>Completes a chat.</summary>
    Chat,

    /// <summary>Turns texts into vectors.</summary>
    Embeddings,

    /// <summary>Makes images from a text.</summary>
    Images,
}

/// <summary>One way to reach a model.</summary>
/// <param name="Provider">Name of the provider.</param>
/// <param name="UpstreamModel">What the provider calls the model; on Azure OpenAI, the deployment.</param>
public sealed record ModelRoute(string Provider, string UpstreamModel);

/// <summary>A model that the platform offers.</summary>
/// <param name="Name">Public name, unique without regard to case.</param>
/// <param name="Family">Models that are asked in the same way share one.</param>
/// <param name="Capabilities">What it can be asked to do.</param>
/// <param name="Routes">The ways to reach it; the first is tried first.</param>
public sealed record CatalogueModel(
    string Name, string Family, IReadOnlyList<ModelCapability> Capabilities, IReadOnlyList<ModelRoute> Routes)
{
    /// <summary>Most tokens of an answer where the catalogue does not say how many a model can write.</summary>
    public const int DefaultMaxAnswerTokens = 8192;

    /// <summary>Most tokens of an answer that the model can write, those of its reasoning included.</summary>
    public int MaxAnswerTokens { get; init; } = DefaultMaxAnswerTokens;

    /// <summary>What its provider asks for it, as published; the prices of a new installation. Empty where no source is known.</summary>
    public IReadOnlyList<ListPrice> Prices { get; init; } = [];

    /// <summary>The field that limits the answer's length; reasoning models know only <c>max_completion_tokens</c>.</summary>
    public string OutputLimitField { get; init; } = "max_tokens";
}

/// <summary>A published price, in US dollars.</summary>
/// <param name="Source">Where it is published.</param>
/// <param name="AsOf">The day on which the source said so.</param>
public sealed record ListPrice(string Source, DateOnly AsOf)
{
    /// <summary>The first instant at which it applies; a model's first price applies at all times before the next.</summary>
    public DateTimeOffset EffectiveFrom { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>A million tokens of the prompt.</summary>
    public decimal? Input { get; init; }

    /// <summary>A million tokens of the prompt that the provider had cached.</summary>
    public decimal? CachedInput { get; init; }

    /// <summary>A million tokens of the answer.</summary>
    public decimal? Answer { get; init; }

    /// <summary>Images.</summary>
    public IReadOnlyList<ListImagePrice> Images { get; init; } = [];
}

/// <summary>A published price of an image, in US dollars.</summary>
/// <param name="Size">Width and height in pixels.</param>
/// <param name="Quality">The provider's word for it.</param>
/// <param name="Price">US dollars an image.</param>
public sealed record ListImagePrice(string Size, string Quality, decimal Price);

/// <summary>The models that the platform offers.</summary>
public interface IModelCatalogue
{
    /// <summary>Every model, by name.</summary>
    IReadOnlyList<CatalogueModel> Models { get; }

    /// <summary>The model of a public name, without regard to case; <see langword="null"/> where there is none.</summary>
    /// <param name="name">The public name.</param>
    CatalogueModel? Find(string name);
}
