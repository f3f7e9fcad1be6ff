using AiPlatform.Application.Operations.Contracts;
using AiPlatform.Application.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Operations;

internal sealed class EndpointCatalogue(Func<IOperationsDb> open, IReadCache cache) : IEndpointCatalogue
{
    public ValueTask<CataloguedEndpoint?> FindAsync(string routeKey, CancellationToken cancellationToken) =>
        cache.GetAsync(routeKey, () => ReadAsync(routeKey, cancellationToken), cancellationToken);

    private Task<CataloguedEndpoint?> ReadAsync(string routeKey, CancellationToken cancellationToken) => open().Endpoints
        .Where(endpoint => endpoint.RouteKey == routeKey)
        .Select(endpoint => new CataloguedEndpoint(endpoint.Id, endpoint.Active, endpoint.Cost, endpoint.PriceVersionId))
        .FirstOrDefaultAsync(cancellationToken);
}
