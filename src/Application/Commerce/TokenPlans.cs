using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Commerce;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Commerce;

/// <summary>Every plan, in memory.</summary>
/// <param name="ById">The plans.</param>
internal sealed record PlanTable(IReadOnlyDictionary<Guid, TokenPlan> ById)
{
    /// <summary>The plan of whoever subscribed to none.</summary>
    public TokenPlan Free { get; } = ById.Values.Single(plan => plan.Name == Plan.Free);
}

/// <summary>What is known of a person's subscription.</summary>
/// <param name="Open">It, where there is one; nobody changes it.</param>
internal sealed record KnownSubscription(Subscription? Open);

/// <summary>Reads plans through the cache: the proxy asks with every call.</summary>
internal sealed class TokenPlans(Func<ICommerceDb> open, IReadCache cache, TimeProvider time) : ITokenPlans
{
    public async ValueTask<TokenPlan> OfAsync(Guid userId, CancellationToken cancellationToken)
    {
        var plans = (await cache.GetAsync(nameof(PlanTable), () => ReadPlansAsync(cancellationToken), cancellationToken))!;
        var known = (await cache.GetAsync(userId, () => ReadSubscriptionAsync(userId, cancellationToken), cancellationToken))!;
        return known.Open?.PlanAt(time.GetUtcNow()) is { } planId ? plans.ById[planId] : plans.Free;
    }

    private async Task<PlanTable?> ReadPlansAsync(CancellationToken cancellationToken) => new(await open().Plans.AsNoTracking()
        .ToDictionaryAsync(plan => plan.Id, plan => new TokenPlan(plan.Name, plan.MonthlyTokens, plan.IsPaid), cancellationToken));

    private async Task<KnownSubscription?> ReadSubscriptionAsync(Guid userId, CancellationToken cancellationToken) => new(
        await open().Subscriptions.AsNoTracking()
            .FirstOrDefaultAsync(subscription => subscription.UserId == userId && subscription.EndedAt == null, cancellationToken));
}
