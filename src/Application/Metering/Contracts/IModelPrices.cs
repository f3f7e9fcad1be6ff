using AiPlatform.Domain.Metering;

namespace AiPlatform.Application.Metering.Contracts;

/// <summary>Knows what models cost now.</summary>
public interface IModelPrices
{
    /// <summary>The price in force; <see langword="null"/> where the model has none. Kept in memory.</summary>
    /// <param name="model">Public name of the model.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<ModelPrice?> InForceAsync(string model, CancellationToken cancellationToken);
}
