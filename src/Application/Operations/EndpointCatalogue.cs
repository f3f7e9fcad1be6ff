using AiPlatform.Application.Operations.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Operations;
using AiPlatform.Domain.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Operations;

internal sealed class EndpointCatalogue(Func<IOperationsDb> open, IReadCache cache) : IEndpointCatalogue
{
    public ValueTask<CataloguedEndpoint?> FindAsync(string routeKey, CancellationToken cancellationToken) =>
        cache.GetAsync(routeKey, () => ReadAsync(routeKey, cancellationToken), cancellationToken);

    public async ValueTask<Error?> RefusalOfAsync(Guid userId, string routeKey, CancellationToken cancellationToken)
    {
        var list = await cache.GetAsync(userId, () => ReadAccessAsync(userId, cancellationToken), cancellationToken);
        return list!.Rule is { } rule && await FindAsync(routeKey, cancellationToken) is { } endpoint && !rule.Opens(endpoint.EndpointId)
            ? EndpointAccessErrors.Denied
            : null;
    }

    private async Task<KnownAccess?> ReadAccessAsync(Guid userId, CancellationToken cancellationToken) => new(
        await open().EndpointAccess.AsNoTracking().FirstOrDefaultAsync(row => row.UserId == userId, cancellationToken));

    private Task<CataloguedEndpoint?> ReadAsync(string routeKey, CancellationToken cancellationToken) => open().Endpoints
        .Where(endpoint => endpoint.RouteKey == routeKey)
        .Select(endpoint => new CataloguedEndpoint(endpoint.Id, endpoint.Active, endpoint.Cost, endpoint.PriceVersionId))
        .FirstOrDefaultAsync(cancellationToken);

    /// <summary>That a user has no list is kept as well.</summary>
    private sealed record KnownAccess(EndpointAccess? Rule);
}
