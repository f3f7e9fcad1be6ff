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
    /// <summary>The field that limits the answer's length; reasoning models know only <c>max_completion_tokens</c>.</summary>
    public string OutputLimitField { get; init; } = "max_tokens";
}

/// <summary>The models that the platform offers.</summary>
public interface IModelCatalogue
{
    /// <summary>Every model, by name.</summary>
    IReadOnlyList<CatalogueModel> Models { get; }

    /// <summary>The model of a public name, without regard to case; <see langword="null"/> where there is none.</summary>
    /// <param name="name">The public name.</param>
    CatalogueModel? Find(string name);
}
