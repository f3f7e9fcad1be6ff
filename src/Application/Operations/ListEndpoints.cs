using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AutoMapper;
using AutoMapper.QueryableExtensions;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Operations;

/// <summary>Lists the endpoint catalogue.</summary>
/// <param name="Active">Only rows that are served, or only those that are not; <see langword="null"/> for all.</param>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "view endpoints")]
public sealed record ListEndpointsQuery(bool? Active) : IRequest<IReadOnlyList<EndpointView>>;

internal sealed class ListEndpointsHandler(IOperationsDb db, IConfigurationProvider maps)
    : IRequestHandler<ListEndpointsQuery, IReadOnlyList<EndpointView>>
{
    public async Task<IReadOnlyList<EndpointView>> Handle(ListEndpointsQuery query, CancellationToken cancellationToken)
    {
        var rows = await db.Endpoints
            .Where(endpoint => query.Active == null || endpoint.Active == query.Active)
            .ProjectTo<EndpointView>(maps)
            .ToListAsync(cancellationToken);

        // Databases order text by their collations; here the order is the same on all of them.
        rows.Sort((left, right) => string.CompareOrdinal(left.Path, right.Path));
        return rows;
    }
}
