using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Operations;

/// <summary>Lists which metered endpoints users may call. To who is not listed every endpoint is open.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "view endpoint access")]
public sealed record ListEndpointAccessQuery : IRequest<EndpointAccessPage>
{
    /// <summary>Most lists of one page.</summary>
    public const int MaxPerPage = 100;

    /// <summary>Highest page.</summary>
    public const int MaxPage = 100_000;

    /// <summary>Only the list of this user.</summary>
    public Supplied<Guid> UserId { get; init; }

    /// <summary>Which page, from 1; 1 by default.</summary>
    public Supplied<int> Page { get; init; }

    /// <summary>Lists of a page, 1 to <see cref="MaxPerPage"/>; 20 by default.</summary>
    public Supplied<int> PerPage { get; init; }
}

/// <summary>A page of lists.</summary>
/// <param name="Lists">The lists, by user.</param>
/// <param name="Page">Which page this is, from 1.</param>
/// <param name="PerPage">Most lists of a page.</param>
/// <param name="HasMore">Whether later lists match.</param>
public sealed record EndpointAccessPage(IReadOnlyList<EndpointAccessList> Lists, int Page, int PerPage, bool HasMore);

internal sealed class ListEndpointAccessValidator : OrderedValidator<ListEndpointAccessQuery>
{
    public ListEndpointAccessValidator()
    {
        Require(query => !query.UserId.IsMistyped, RequestErrors.Invalid("user_id must be a UUID"));
        RequirePage(query => query.Page, ListEndpointAccessQuery.MaxPage, query => query.PerPage, ListEndpointAccessQuery.MaxPerPage);
    }
}

internal sealed class ListEndpointAccessHandler(IOperationsDb db) : IRequestHandler<ListEndpointAccessQuery, EndpointAccessPage>
{
    public async Task<EndpointAccessPage> Handle(ListEndpointAccessQuery query, CancellationToken cancellationToken)
    {
        var (page, size) = (query.Page.Or(1), query.PerPage.Or(20));
        var lists = db.EndpointAccess.AsNoTracking();
        if (query.UserId.IsGiven)
        {
            lists = lists.Where(list => list.UserId == query.UserId.Value);
        }

        // One more than the page tells whether there are more.
        var found = await lists.OrderBy(list => list.UserId).Skip((page - 1) * size).Take(size + 1).ToListAsync(cancellationToken);
        return new EndpointAccessPage([.. found.Take(size).Select(EndpointAccessList.Of)], page, size, found.Count > size);
    }
}
