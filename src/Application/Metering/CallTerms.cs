using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Metering;

internal sealed class CallTerms(TermsReader reader, ITokenPlans plans, IMonthlyCredits credits, IPlatformClock clock) : ICallTerms
{
    public async ValueTask<CallCharge> ComposeAsync(
        Caller caller, EndpointCharge endpoint, ModelCallBound? bound, CancellationToken cancellationToken)
    {
        var now = clock.Now;
        var terms = await reader.TermsOfAsync(caller, cancellationToken);
        terms = bound is { WalletPays: true } ? terms with { Credits = false, Wallet = true } : terms;
        terms = bound is { TakesPlanTokens: true } ? terms.With(caller, await plans.OfAsync(caller.UserId, cancellationToken)) : terms;
        var models = bound is null ? [] : await ModelsAsync(bound, TouchesMoney(terms), now, cancellationToken);
        var lines = new List<HoldOrderLine>(terms.Limits.Count + 2);
        foreach (var limit in terms.Limits)
        {
            AddIfDue(lines, LineOf(limit, models, now), bound);
        }

        if (terms.Wallet && models is [{ Price: { } price }, ..])
        {
            var wallet = new AccountKey(OwnerKind.User, caller.UserId, Meter.Wallet, Period.Always);
            AddIfDue(lines, Line(wallet, 0, CeilingOf(Meter.Wallet, models)) with { PriceVersionId = price.Id }, bound);
        }

        // A call without a model has no other price than its credits.
        if (terms.Credits || bound is null)
        {
            var account = await CreditsAsync(caller, cancellationToken);
            lines.Add(new HoldOrderLine(account.Account, account.OpeningGrant, endpoint.Credits));
        }

        return new CallCharge(lines, endpoint, models, lacking => LimitErrors.Of(lacking, now, clock.Zone));
    }

    private async ValueTask<CreditAccount> CreditsAsync(Caller caller, CancellationToken cancellationToken)
    {
        try
        {
            return await credits.ForAsync(caller, cancellationToken);
        }
        catch (Exception failure) when (failure is not (RefusedException or OperationCanceledException))
        {
            throw new RefusedException(BalanceErrors.NotInitialized, failure);
        }
    }

    private static bool TouchesMoney(SpendingTerms terms) =>
        terms.Wallet || terms.Limits.Any(limit => limit.Meter is Meter.KeyBudget or Meter.TeamBudget);

    private static Ceiling MoneyCeiling(ModelPrice price, ModelCallBound bound) =>
        price.CeilingOf(bound.PromptTokens, bound.Images) ?? throw new RefusedException(BalanceErrors.ModelNotPriced(bound.Model));

    /// <summary>The most that any of some models takes.</summary>
    private static Ceiling CeilingOf(Meter meter, List<PricedModel> models)
    {
        var most = CeilingOf(meter, models.FirstOrDefault()?.Bound, models.FirstOrDefault()?.Price);
        foreach (var (bound, price) in models.Skip(1))
        {
            most = most.Over(CeilingOf(meter, bound, price));
        }

        return most;
    }

    private static Ceiling CeilingOf(Meter meter, ModelCallBound? bound, ModelPrice? price) => meter switch
    {
        Meter.Conversations or Meter.RequestsPerMinute => Ceiling.Of(1),
        Meter.Tokens or Meter.TokensPerMinute when bound is { MostAnswerTokens: > 0 } => Ceiling.OfTokens(bound.PromptTokens),
        Meter.Tokens or Meter.TokensPerMinute => Ceiling.Of(bound?.PromptTokens ?? 0),
        Meter.KeyBudget or Meter.TeamBudget or Meter.Wallet => price is null ? Ceiling.Of(0) : MoneyCeiling(price, bound!),
        _ => throw new InvalidOperationException($"No rule limits {meter}."),
    };

    private static HoldOrderLine Line(AccountKey account, long openingGrant, Ceiling ceiling) =>
        new(account, openingGrant, 0) { ByAnswer = ceiling };

    /// <summary>What takes nothing whatever the answer needs no line.</summary>
    private static void AddIfDue(List<HoldOrderLine> lines, HoldOrderLine line, ModelCallBound? bound)
    {
        var most = line.Ceiling.At(bound?.MostAnswerTokens ?? 0);
        if (most > 0)
        {
            lines.Add(line with { Amount = most });
        }
    }

    private HoldOrderLine LineOf(BindingLimit limit, List<PricedModel> models, DateTimeOffset now)
    {
        var period = Period.Of(MeterUnits.PeriodOf(limit.Meter), now, clock.Zone);
        var account = new AccountKey(limit.OwnerKind, limit.OwnerId, limit.Meter, period);
        var paysMoney = MeterUnits.IsMoney(limit.Meter);
        return Line(account, limit.Amount, CeilingOf(limit.Meter, models)) with
        {
            Limit = limit.Amount,
            PriceVersionId = paysMoney ? models.FirstOrDefault()?.Price?.Id : null,
        };
    }

    private async ValueTask<List<PricedModel>> ModelsAsync(ModelCallBound bound, bool paysMoney, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var models = new List<PricedModel>(1 + bound.Fallbacks.Count)
        {
            new(bound, paysMoney ? await PriceAsync(bound, now, cancellationToken) : null),
        };
        foreach (var fallback in bound.Fallbacks)
        {
            var price = paysMoney ? await reader.PriceOfAsync(fallback.Model, now, cancellationToken) : null;
            if (!paysMoney || price?.CeilingOf(fallback.PromptTokens, fallback.Images) is not null)
            {
                models.Add(new PricedModel(fallback, price));
            }
        }

        return models;
    }

    private async ValueTask<ModelPrice> PriceAsync(ModelCallBound bound, DateTimeOffset now, CancellationToken cancellationToken) =>
        await reader.PriceOfAsync(bound.Model, now, cancellationToken) ?? throw new RefusedException(BalanceErrors.ModelNotPriced(bound.Model));
}
