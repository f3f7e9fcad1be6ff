using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Gateway.Contracts;

/// <summary>Knows which models callers may ask: what administrators allow a user and an API key, where they say.</summary>
public interface IModelAccess
{
    /// <summary>What a caller may ask. Kept in memory; a change binds at once in its process and within a second in others.</summary>
    /// <param name="caller">Who calls.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<AllowedModels> OfAsync(Caller caller, CancellationToken cancellationToken);

    /// <summary>The refusal of a model (403, <c>model_not_allowed</c>); <see langword="null"/> where the caller may ask it.</summary>
    /// <param name="caller">Who calls.</param>
    /// <param name="model">Public name or alias; one that the catalogue does not know is allowed by no list.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    async ValueTask<Error?> RefusalOfAsync(Caller caller, string model, CancellationToken cancellationToken) =>
        (await OfAsync(caller, cancellationToken)).RefusalOf(model);
}

/// <summary>What one caller may ask.</summary>
public abstract class AllowedModels
{
    /// <summary>Whether the caller may ask a model.</summary>
    /// <param name="model">Public name or alias.</param>
    public bool Allows(string model) => RefusalOf(model) is null;

    /// <summary>The refusal of a model (403, <c>model_not_allowed</c>); <see langword="null"/> where the caller may ask it.</summary>
    /// <param name="model">Public name or alias.</param>
    public abstract Error? RefusalOf(string model);
}
