using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Gateway;

/// <summary>Lists which models users and API keys may ask, oldest list first. Who is not listed may ask every model.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "view allowed models")]
public sealed record ListModelAccessQuery : IRequest<ModelAccessPage>
{
    /// <summary>Most lists of one page.</summary>
    public const int MaxPerPage = 100;

    /// <summary>Highest page.</summary>
    public const int MaxPage = 100_000;

    /// <summary>Only lists of this kind of owner.</summary>
    public Supplied<string> OwnerKind { get; init; }

    /// <summary>Only the list of this owner.</summary>
    public Supplied<Guid> OwnerId { get; init; }

    /// <summary>Which page, from 1; 1 by default.</summary>
    public Supplied<int> Page { get; init; }

    /// <summary>Lists of a page, 1 to <see cref="MaxPerPage"/>; 20 by default.</summary>
    public Supplied<int> PerPage { get; init; }
}

/// <summary>A page of lists.</summary>
/// <param name="Lists">The lists, oldest first.</param>
/// <param name="Page">Which page this is, from 1.</param>
/// <param name="PerPage">Most lists of a page.</param>
/// <param name="HasMore">Whether later lists match.</param>
public sealed record ModelAccessPage(IReadOnlyList<ModelAccessList> Lists, int Page, int PerPage, bool HasMore);

internal sealed class ListModelAccessValidator : OrderedValidator<ListModelAccessQuery>
{
    public ListModelAccessValidator()
    {
        Require(
            query => query.OwnerKind.IsAbsentOr(kind => AccessOwnerNames.Find(kind) is not null),
            RequestErrors.Invalid("owner_kind must be one of: user, api_key"));
        Require(query => !query.OwnerId.IsMistyped, RequestErrors.Invalid("owner_id must be a UUID"));
        RequirePage(query => query.Page, ListModelAccessQuery.MaxPage, query => query.PerPage, ListModelAccessQuery.MaxPerPage);
    }
}

internal sealed class ListModelAccessHandler(IGatewayDb db) : IRequestHandler<ListModelAccessQuery, ModelAccessPage>
{
    public async Task<ModelAccessPage> Handle(ListModelAccessQuery query, CancellationToken cancellationToken)
    {
        var (page, size) = (query.Page.Or(1), query.PerPage.Or(20));
        var lists = db.ModelAllowances.AsNoTracking();
        if (AccessOwnerNames.Find(query.OwnerKind.Or(string.Empty)) is { } kind)
        {
            lists = lists.Where(list => list.OwnerKind == kind);
        }

        if (query.OwnerId.IsGiven)
        {
            lists = lists.Where(list => list.OwnerId == query.OwnerId.Value);
        }

        // One more than the page tells whether there are more.
        var found = await lists.OrderBy(list => list.CreatedAt).ThenBy(list => list.OwnerId)
            .Skip((page - 1) * size)
            .Take(size + 1)
            .ToListAsync(cancellationToken);
        return new ModelAccessPage([.. found.Take(size).Select(ModelAccessList.Of)], page, size, found.Count > size);
    }
}
