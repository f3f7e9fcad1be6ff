namespace AiPlatform.Application.Gateway.Contracts;

/// <summary>What the catalogue calls its models, whoever serves them.</summary>
public interface IModelNames
{
    /// <summary>Whether the catalogue has a chat model of this name.</summary>
    /// <param name="model">Public name, in either case.</param>
    bool IsChatModel(string model);

    /// <summary>Whether the catalogue has an embedding model of this name.</summary>
    /// <param name="model">Public name, in either case.</param>
    bool IsEmbeddingModel(string model);
}
