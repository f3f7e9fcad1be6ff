using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Operations;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Operations;

/// <summary>Lists what was changed of accounts, teams, keys, limits and prices, newest first, with what it was before.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "view changes")]
[OmitBodiesFromAudit]
public sealed record ListChangesQuery : IRequest<ChangePage>
{
    /// <summary>Most changes of one page.</summary>
    public const int MaxPerPage = 100;

    /// <summary>Highest page; who wants to read on narrows what is listed instead.</summary>
    public const int MaxPage = 100_000;

    /// <summary>Only changes by this user.</summary>
    public Supplied<Guid> ActorId { get; init; }

    /// <summary>Only changes of this kind of thing, for example <c>user</c>.</summary>
    public Supplied<string> Kind { get; init; }

    /// <summary>Only changes of this thing.</summary>
    public Supplied<string> ResourceId { get; init; }

    /// <summary>Which page, from 1; 1 by default.</summary>
    public Supplied<int> Page { get; init; }

    /// <summary>Changes of a page, 1 to <see cref="MaxPerPage"/>; 20 by default.</summary>
    public Supplied<int> PerPage { get; init; }

    internal int PageNumber => Page.Or(1);

    internal int PageSize => PerPage.Or(20);
}

/// <summary>A page of changes.</summary>
/// <param name="Changes">The changes, newest first.</param>
/// <param name="Page">Which page this is, from 1.</param>
/// <param name="PerPage">Most changes of a page.</param>
/// <param name="HasMore">Whether older changes match.</param>
public sealed record ChangePage(IReadOnlyList<AdministrativeChange> Changes, int Page, int PerPage, bool HasMore);

internal sealed class ListChangesValidator : OrderedValidator<ListChangesQuery>
{
    public ListChangesValidator()
    {
        Require(query => !query.ActorId.IsMistyped, RequestErrors.Invalid("actor_id must be a UUID"));
        RequireText("kind", query => query.Kind, AdministrativeChange.MaxKindLength);
        RequireText("resource_id", query => query.ResourceId, AdministrativeChange.MaxResourceIdLength);
        RequirePage(query => query.Page, ListChangesQuery.MaxPage, query => query.PerPage, ListChangesQuery.MaxPerPage);
    }
}

internal sealed class ListChangesHandler(IOperationsDb db) : IRequestHandler<ListChangesQuery, ChangePage>
{
    public async Task<ChangePage> Handle(ListChangesQuery query, CancellationToken cancellationToken)
    {
        // One more than the page tells whether there are more; counting all of them would read the whole trail.
        var changes = await Matching(query)
            .OrderByDescending(change => change.ChangedAt)
            .ThenByDescending(change => change.Id)
            .Skip((query.PageNumber - 1) * query.PageSize)
            .Take(query.PageSize + 1)
            .ToListAsync(cancellationToken);
        return new ChangePage(
            changes[..Math.Min(changes.Count, query.PageSize)], query.PageNumber, query.PageSize, changes.Count > query.PageSize);
    }

    private IQueryable<AdministrativeChange> Matching(ListChangesQuery query)
    {
        var changes = db.AdministrativeChanges;
        if (query.ActorId.IsGiven)
        {
            changes = changes.Where(change => change.ActorId == query.ActorId.Value);
        }

        if (query.Kind.IsGiven)
        {
            changes = changes.Where(change => change.Kind == query.Kind.Value);
        }

        if (query.ResourceId.IsGiven)
        {
            changes = changes.Where(change => change.ResourceId == query.ResourceId.Value);
        }

        return changes;
    }
}
