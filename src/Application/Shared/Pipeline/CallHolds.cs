using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Operations.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Shared.Pipeline;

/// <summary>A hold that was placed, and how it is settled.</summary>
/// <param name="Id">The hold.</param>
/// <param name="Charge">What it was computed from.</param>
internal sealed record PlacedHold(Guid Id, CallCharge Charge);

/// <summary>Sets the price of a call aside on every account that it touches.</summary>
internal sealed class CallHolds(ICallContext call, CallRecord record, IEndpointCatalogue catalogue, ICallTerms terms, ILedger ledger)
{
    /// <summary>Places the hold of a call.</summary>
    /// <exception cref="RefusedException">The route has no price or is not served, or an account lacks funds.</exception>
    public async Task<PlacedHold> PlaceAsync(ModelCallBound? bound, CancellationToken cancellationToken)
    {
        try
        {
            return await TryPlaceAsync(bound, cancellationToken);
        }
        catch (Exception failure) when (failure is not (RefusedException or OperationCanceledException))
        {
            // Nothing was dispatched where no hold could be placed, so a failure of the ledger costs nobody anything.
            throw new RefusedException(BalanceErrors.SystemFailed, failure);
        }
    }

    private async Task<PlacedHold> TryPlaceAsync(ModelCallBound? bound, CancellationToken cancellationToken)
    {
        var endpoint = await PriceAsync(cancellationToken);
        var price = new EndpointCharge(MeterUnits.FromCredits(endpoint.Cost), endpoint.PriceVersionId);
        var (charge, decision) = await PlaceAsync(price, bound, cancellationToken);
        if (decision is { HoldId: null, Conflict: null } && bound is { Fallbacks.Count: > 0 })
        {
            // The accounts may still pay the model that was chosen, if not the dearest of those that could stand in for it.
            (charge, decision) = await PlaceAsync(price, bound with { Fallbacks = [] }, cancellationToken);
        }

        if (decision.HoldId is not { } holdId)
        {
            throw new RefusedException(decision.Conflict ?? charge.RefusalOf(decision.Lacking!.Value));
        }

        if (charge.Answer is not null)
        {
            record.LimitAnswer(decision.AnswerTokens);
        }

        record.PayBy(charge);
        return new PlacedHold(holdId, charge);
    }

    private async Task<(CallCharge Charge, HoldDecision Decision)> PlaceAsync(
        EndpointCharge price, ModelCallBound? bound, CancellationToken cancellationToken)
    {
        var charge = await terms.ComposeAsync(record.RequiredCaller, price, bound, cancellationToken);
        var order = charge.ToOrder(new HeldCall(call.RequestId, record.RequiredCaller.UserId, call.RouteKey!));
        return (charge, await ledger.PlaceHoldAsync(order with { Key = record.Key }, cancellationToken));
    }

    private async Task<CataloguedEndpoint> PriceAsync(CancellationToken cancellationToken)
    {
        var endpoint = call.RouteKey is null ? null : await catalogue.FindAsync(call.RouteKey, cancellationToken);
        if (endpoint is null)
        {
            throw new RefusedException(BalanceErrors.EndpointNotConfigured);
        }

        record.PriceBy(endpoint.EndpointId);
        return endpoint.Active ? endpoint : throw new RefusedException(BalanceErrors.EndpointInactive);
    }
}
