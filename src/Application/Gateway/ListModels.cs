using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Gateway;
using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Gateway;

/// <summary>Lists the catalogue by name, retired models included.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "view models")]
public sealed record ListModelsQuery : IRequest<ModelPage>
{
    /// <summary>Most models of one page.</summary>
    public const int MaxPerPage = 100;

    /// <summary>Highest page.</summary>
    public const int MaxPage = 100_000;

    /// <summary>Only the model of this name or alias.</summary>
    public Supplied<string> Name { get; init; }

    /// <summary>Only models of this family.</summary>
    public Supplied<string> Family { get; init; }

    /// <summary><c>offered</c> or <c>retired</c>; both by default.</summary>
    public Supplied<string> State { get; init; }

    /// <summary>Which page, from 1; 1 by default.</summary>
    public Supplied<int> Page { get; init; }

    /// <summary>Models of a page, 1 to <see cref="MaxPerPage"/>; 20 by default.</summary>
    public Supplied<int> PerPage { get; init; }
}

/// <summary>A page of models.</summary>
/// <param name="Models">The models, by name.</param>
/// <param name="Page">Which page this is, from 1.</param>
/// <param name="PerPage">Most models of a page.</param>
/// <param name="HasMore">Whether later models match.</param>
public sealed record ModelPage(IReadOnlyList<ModelDetails> Models, int Page, int PerPage, bool HasMore);

internal sealed class ListModelsValidator : OrderedValidator<ListModelsQuery>
{
    public ListModelsValidator()
    {
        RequireText("name", query => query.Name, AiModel.MaxNameLength);
        RequireText("family", query => query.Family, ModelTraits.MaxWordLength);
        Require(
            query => query.State.IsAbsentOr(state => state is "offered" or "retired"),
            RequestErrors.Invalid("state must be offered or retired"));
        RequirePage(query => query.Page, ListModelsQuery.MaxPage, query => query.PerPage, ListModelsQuery.MaxPerPage);
    }
}

internal sealed class ListModelsHandler(IGatewayDb db) : IRequestHandler<ListModelsQuery, ModelPage>
{
    public async Task<ModelPage> Handle(ListModelsQuery query, CancellationToken cancellationToken)
    {
        var (page, size) = (query.Page.Or(1), query.PerPage.Or(20));

        // One more than the page tells whether there are more.
        var found = await Matching(query)
            .Include(model => model.Routes)
            .OrderBy(model => model.Name)
            .ThenBy(model => model.Id)
            .Skip((page - 1) * size)
            .Take(size + 1)
            .ToListAsync(cancellationToken);
        var ids = found.ConvertAll(model => model.Id);
        await db.ModelNames.Where(name => ids.Contains(name.ModelId)).LoadAsync(cancellationToken);
        return new ModelPage([.. found.Take(size).Select(ModelDetails.Of)], page, size, found.Count > size);
    }

    private IQueryable<AiModel> Matching(ListModelsQuery query)
    {
        IQueryable<AiModel> models = db.Models;
        if (query.Name.IsGiven)
        {
            var name = ModelName.Normalise(query.Name.Value);
            models = models.Where(model => model.Names.Any(known => known.Name == name));
        }

        if (query.Family.IsGiven)
        {
            models = models.Where(model => model.Family == query.Family.Value);
        }

        return query.State.Or(string.Empty) switch
        {
            "offered" => models.Where(model => model.RetiredAt == null),
            "retired" => models.Where(model => model.RetiredAt != null),
            _ => models,
        };
    }
}
