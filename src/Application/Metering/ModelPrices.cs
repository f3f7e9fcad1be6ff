using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;

namespace AiPlatform.Application.Metering;

internal sealed class ModelPrices(TermsReader reader, IPlatformClock clock) : IModelPrices
{
    public ValueTask<ModelPrice?> InForceAsync(string model, CancellationToken cancellationToken) =>
        reader.PriceOfAsync(model, clock.Now, cancellationToken);
}
