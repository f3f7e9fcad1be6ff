using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Commerce;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Commerce;

/// <summary>Lists the plans that can be subscribed to, cheapest first.</summary>
[AllowAnonymousCaller("prices are for everybody to see")]
public sealed record ListPlansQuery : IRequest<IReadOnlyList<PlanView>>;

/// <summary>A plan.</summary>
/// <param name="Id">The plan.</param>
/// <param name="Name">Its name on the wire.</param>
/// <param name="DisplayName">Its name as shown.</param>
/// <param name="MonthlyTokens">Tokens a month.</param>
/// <param name="Price">Nano-USD a month.</param>
/// <param name="Features">What it offers.</param>
/// <param name="Active">Whether it can be subscribed to.</param>
public sealed record PlanView(
    Guid Id, string Name, string DisplayName, long MonthlyTokens, long Price, IReadOnlyList<string> Features, bool Active)
{
    internal static PlanView Of(Plan plan) => new(
        plan.Id,
        plan.Name,
        plan.DisplayName,
        plan.MonthlyTokens,
        plan.Price,
        plan.Features.Split('\n', StringSplitOptions.RemoveEmptyEntries),
        plan.Active);
}

internal sealed class ListPlansHandler(ICommerceDb db) : IRequestHandler<ListPlansQuery, IReadOnlyList<PlanView>>
{
    public async Task<IReadOnlyList<PlanView>> Handle(ListPlansQuery query, CancellationToken cancellationToken)
    {
        var plans = await db.Plans.AsNoTracking().Where(plan => plan.Active).OrderBy(plan => plan.Price).ThenBy(plan => plan.Name).ToListAsync(cancellationToken);
        return plans.ConvertAll(PlanView.Of);
    }
}
