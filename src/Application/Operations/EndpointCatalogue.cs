using AiPlatform.Application.Operations.Contracts;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Operations;

internal sealed class EndpointCatalogue(IOperationsDb db) : IEndpointCatalogue
{
    public Task<CataloguedEndpoint?> FindAsync(string routeKey, CancellationToken cancellationToken) => db.Endpoints
        .Where(endpoint => endpoint.RouteKey == routeKey)
        .Select(endpoint => new CataloguedEndpoint(endpoint.Id, endpoint.Active, endpoint.Cost, endpoint.PriceVersionId))
        .FirstOrDefaultAsync(cancellationToken);
}
