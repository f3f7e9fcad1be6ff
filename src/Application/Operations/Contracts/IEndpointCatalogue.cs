using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Operations.Contracts;

/// <summary>What the catalogue says of a route.</summary>
/// <param name="EndpointId">The row.</param>
/// <param name="Active">Whether the route is served.</param>
/// <param name="Cost">Whole credits a call.</param>
/// <param name="PriceVersionId">The price in force.</param>
public sealed record CataloguedEndpoint(Guid EndpointId, bool Active, int Cost, Guid PriceVersionId);

/// <summary>Looks routes up in the endpoint catalogue.</summary>
public interface IEndpointCatalogue
{
    /// <summary>The row that prices a route; <see langword="null"/> where there is none.</summary>
    /// <param name="routeKey">The route's stable key.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<CataloguedEndpoint?> FindAsync(string routeKey, CancellationToken cancellationToken);

    /// <summary>Why a user may not call a route; <see langword="null"/> where they may.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="routeKey">The route's stable key.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<Error?> RefusalOfAsync(Guid userId, string routeKey, CancellationToken cancellationToken);
}
