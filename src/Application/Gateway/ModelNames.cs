using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Domain.Gateway;

namespace AiPlatform.Application.Gateway;

internal sealed class ModelNames(IModelCatalogue catalogue) : IModelNames
{
    public bool IsChatModel(string model) => Can(model, ModelCapability.Chat);

    public bool IsEmbeddingModel(string model) => Can(model, ModelCapability.Embeddings);

    private bool Can(string model, ModelCapability capability) => catalogue.Find(model)?.Capabilities.Contains(capability) is true;
}
