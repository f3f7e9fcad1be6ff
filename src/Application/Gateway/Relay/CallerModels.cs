using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Gateway.Relay;

/// <summary>The models that whoever makes this call may ask.</summary>
/// <param name="access">What administrators allow.</param>
/// <param name="record">Who calls.</param>
internal sealed class CallerModels(IModelAccess access, CallRecord record)
{
    /// <summary>The refusal of a model; <see langword="null"/> where the caller may ask it.</summary>
    /// <param name="model">Public name or alias.</param>
    /// <param name="cancellationToken">The caller left.</param>
    public async Task<Error?> RefusalOfAsync(string model, CancellationToken cancellationToken) =>
        await access.RefusalOfAsync(record.RequiredCaller, model, cancellationToken);

    /// <summary>Those of some models that the caller may ask.</summary>
    /// <param name="models">The models.</param>
    /// <param name="cancellationToken">The caller left.</param>
    public async Task<IReadOnlyList<CatalogueModel>> AllowedOfAsync(IEnumerable<CatalogueModel> models, CancellationToken cancellationToken)
    {
        var allowed = await access.OfAsync(record.RequiredCaller, cancellationToken);
        return [.. models.Where(model => allowed.Allows(model.Name))];
    }
}
