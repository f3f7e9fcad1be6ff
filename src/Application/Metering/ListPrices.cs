using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Metering;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Metering;

/// <summary>Lists what models cost: every version, by model, the latest first.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "view prices")]
public sealed record ListPricesQuery : IRequest<IReadOnlyList<ModelPrice>>
{
    /// <summary>Most versions that are listed.</summary>
    public const int Most = 1_000;

    /// <summary>Only versions of this model.</summary>
    public Supplied<string> Model { get; init; }
}

internal sealed class ListPricesValidator : OrderedValidator<ListPricesQuery>
{
    public ListPricesValidator() => RequireText("model", query => query.Model, ModelPrice.MaxModelLength);
}

internal sealed class ListPricesHandler(IMeteringDb db) : IRequestHandler<ListPricesQuery, IReadOnlyList<ModelPrice>>
{
    public async Task<IReadOnlyList<ModelPrice>> Handle(ListPricesQuery query, CancellationToken cancellationToken)
    {
        var prices = db.ModelPrices.AsNoTracking().Include(price => price.Images).AsQueryable();
        if (query.Model.IsGiven)
        {
            var model = ModelPrice.NormaliseModel(query.Model.Value);
            prices = prices.Where(price => price.Model == model);
        }

        return await prices.OrderBy(price => price.Model).ThenByDescending(price => price.EffectiveFrom)
            .Take(ListPricesQuery.Most)
            .ToListAsync(cancellationToken);
    }
}
