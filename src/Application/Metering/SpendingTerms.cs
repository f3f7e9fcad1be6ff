using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Metering;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Metering;

/// <summary>A limit that binds a caller.</summary>
/// <param name="OwnerKind">Whether it is the key's, the user's or the team's.</param>
/// <param name="OwnerId">The owner.</param>
/// <param name="Meter">What is limited.</param>
/// <param name="Amount">How much a period.</param>
internal sealed record BindingLimit(OwnerKind OwnerKind, Guid OwnerId, Meter Meter, long Amount);

/// <summary>What binds a caller, and who pays.</summary>
/// <param name="Limits">The limits: the key's, the user's, the team's.</param>
/// <param name="Credits">Whether the tier's credits pay.</param>
/// <param name="Wallet">Whether the user's wallet pays.</param>
internal sealed record SpendingTerms(IReadOnlyList<BindingLimit> Limits, bool Credits, bool Wallet)
{
    // Who is refused learns first what is nearest to them: the key, then the user, then the team.
    private static readonly OwnerKind[] Order = [OwnerKind.ApiKey, OwnerKind.User, OwnerKind.Team];

    /// <summary>The terms with the tokens of a plan, where no limit of the user's own stands in their place.</summary>
    /// <param name="caller">Who calls.</param>
    /// <param name="plan">The caller's plan.</param>
    public SpendingTerms With(Caller caller, TokenPlan plan) =>
        Limits.Any(limit => limit is { OwnerKind: OwnerKind.User, Meter: Meter.Tokens })
            ? this
            : this with { Limits = Sorted(Limits.Append(new BindingLimit(OwnerKind.User, caller.UserId, Meter.Tokens, plan.MonthlyTokens))) };

    /// <summary>Limits in the order in which they are looked at.</summary>
    /// <param name="limits">The limits.</param>
    public static IReadOnlyList<BindingLimit> Sorted(IEnumerable<BindingLimit> limits) =>
        [.. limits.OrderBy(limit => Array.IndexOf(Order, limit.OwnerKind)).ThenBy(limit => limit.Meter)];
}

/// <summary>Reads the terms of callers and the prices of models, through the cache.</summary>
internal sealed class TermsReader(Func<IMeteringDb> open, IReadCache cache)
{
    public async ValueTask<SpendingTerms> TermsOfAsync(Caller caller, CancellationToken cancellationToken) => (await cache.GetAsync(
        new TermsKey(caller.BindingKeyId, caller.UserId, caller.TeamId), () => ReadTermsAsync(caller, cancellationToken), cancellationToken))!;

    /// <summary>The price of a model in force at an instant; <see langword="null"/> where it has none.</summary>
    public async ValueTask<ModelPrice?> PriceOfAsync(string model, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var name = ModelPrice.NormaliseModel(model);
        var versions = await cache.GetAsync(name, () => ReadPricesAsync(name, cancellationToken), cancellationToken);
        return versions!.FirstOrDefault(price => price.EffectiveFrom <= at);
    }

    private async Task<SpendingTerms?> ReadTermsAsync(Caller caller, CancellationToken cancellationToken)
    {
        var db = open();
        Guid[] owners = [caller.UserId, caller.BindingKeyId ?? caller.UserId, caller.TeamId ?? caller.UserId];
        var limits = await db.SpendingLimits.AsNoTracking()
            .Where(limit => owners.Contains(limit.OwnerId))
            .Select(limit => new BindingLimit(limit.OwnerKind, limit.OwnerId, limit.Meter, limit.Amount))
            .ToListAsync(cancellationToken);
        var rules = await db.FundingRules.AsNoTracking().Where(rule => owners.Contains(rule.OwnerId)).ToListAsync(cancellationToken);
        var rule = rules.Find(rule => rule.OwnerKind is OwnerKind.ApiKey) ?? rules.Find(rule => rule.OwnerKind is OwnerKind.User);
        return new SpendingTerms(
            SpendingTerms.Sorted(limits),
            rule?.Credits ?? true,
            rule?.Wallet ?? false);
    }

    private async Task<IReadOnlyList<ModelPrice>?> ReadPricesAsync(string model, CancellationToken cancellationToken) =>
        await open().ModelPrices.AsNoTracking().Include(price => price.Images)
            .Where(price => price.Model == model)
            .OrderByDescending(price => price.EffectiveFrom)
            .ToListAsync(cancellationToken);

    private readonly record struct TermsKey(Guid? KeyId, Guid UserId, Guid? TeamId);
}
