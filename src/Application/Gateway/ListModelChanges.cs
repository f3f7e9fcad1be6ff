using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Gateway;
using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Gateway;

/// <summary>Lists what administrators did to a model, the latest first.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "view models")]
[Refuses(typeof(ModelErrors), nameof(ModelErrors.NotFound))]
public sealed record ListModelChangesQuery : IRequest<ModelHistoryPage>
{
    /// <summary>Most changes of one page.</summary>
    public const int MaxPerPage = 100;

    /// <summary>Highest page.</summary>
    public const int MaxPage = 100_000;

    /// <summary>The model.</summary>
    public string ModelId { get; init; } = string.Empty;

    /// <summary>Which page, from 1; 1 by default.</summary>
    public Supplied<int> Page { get; init; }

    /// <summary>Changes of a page, 1 to <see cref="MaxPerPage"/>; 20 by default.</summary>
    public Supplied<int> PerPage { get; init; }
}

/// <summary>A change of a model.</summary>
/// <param name="Kind">What was done.</param>
/// <param name="Before">The model before; <see langword="null"/> where it was added.</param>
/// <param name="After">The model after.</param>
/// <param name="ActorId">The administrator.</param>
/// <param name="ChangedAt">When, UTC.</param>
public sealed record ModelChange(ModelChangeKind Kind, ModelDetails? Before, ModelDetails After, Guid ActorId, DateTimeOffset ChangedAt);

/// <summary>A page of a model's history.</summary>
/// <param name="Changes">The changes, the latest first.</param>
/// <param name="Page">Which page this is, from 1.</param>
/// <param name="PerPage">Most changes of a page.</param>
/// <param name="HasMore">Whether there are earlier ones.</param>
public sealed record ModelHistoryPage(IReadOnlyList<ModelChange> Changes, int Page, int PerPage, bool HasMore);

internal sealed class ListModelChangesValidator : OrderedValidator<ListModelChangesQuery>
{
    public ListModelChangesValidator()
    {
        RequirePage(query => query.Page, ListModelChangesQuery.MaxPage, query => query.PerPage, ListModelChangesQuery.MaxPerPage);
    }
}

internal sealed class ListModelChangesHandler(IGatewayDb db, ModelChanges models) : IRequestHandler<ListModelChangesQuery, ModelHistoryPage>
{
    public async Task<ModelHistoryPage> Handle(ListModelChangesQuery query, CancellationToken cancellationToken)
    {
        var model = await models.GetAsync(query.ModelId, cancellationToken);
        var (page, size) = (query.Page.Or(1), query.PerPage.Or(20));

        // One more than the page tells whether there are more.
        var found = await db.ModelChanges.AsNoTracking()
            .Where(change => change.ModelId == model.Id)
            .OrderByDescending(change => change.Version)
            .Skip((page - 1) * size)
            .Take(size + 1)
            .ToListAsync(cancellationToken);
        return new ModelHistoryPage([.. found.Take(size).Select(ToChange)], page, size, found.Count > size);
    }

    private static ModelChange ToChange(AiModelChange change) => new(
        change.Kind, ModelDetails.FromJson(change.BeforeJson), ModelDetails.FromJson(change.AfterJson)!, change.ActorId, change.ChangedAt);
}
