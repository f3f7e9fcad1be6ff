using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Application.Metering.Contracts;

namespace AiPlatform.Application.Gateway;

internal sealed class ModelBounds(IModelCatalogue catalogue) : IModelBounds
{
    public ModelCallBound OfChat(string model, long promptTokens, int? maxTokens)
    {
        var most = catalogue.Find(model)?.MaxAnswerTokens ?? CatalogueModel.DefaultMaxAnswerTokens;
        return new ModelCallBound(model, promptTokens, Math.Min(maxTokens ?? most, most));
    }
}
