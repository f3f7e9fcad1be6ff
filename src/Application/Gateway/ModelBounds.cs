using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Application.Metering.Contracts;

namespace AiPlatform.Application.Gateway;

internal sealed class ModelBounds(IModelCatalogue catalogue) : IModelBounds
{
    public ModelCallBound OfChat(string model, long promptTokens, int? maxTokens)
    {
        // Prices are kept by the public name, whichever name found the model.
        var known = catalogue.Find(model);
        var most = known?.MaxAnswerTokens ?? CatalogueModel.DefaultMaxAnswerTokens;
        return new ModelCallBound(known?.Name ?? model, promptTokens, Math.Min(maxTokens ?? most, most));
    }
}
