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
            var price = await PriceAsync(cancellationToken);
            var charge = await terms.ComposeAsync(record.RequiredCaller, price, bound, cancellationToken);
            var decision = await ledger.PlaceHoldAsync(OrderOf(charge), cancellationToken);
            if (decision is { HoldId: null, Conflict: null } && bound is { Fallbacks.Count: > 0 })
            {
                // The accounts may still pay the model that was chosen, if not the dearest of those that could stand in for it.
                charge = await terms.ComposeAsync(record.RequiredCaller, price, bound with { Fallbacks = [] }, cancellationToken);
                decision = await ledger.PlaceHoldAsync(OrderOf(charge), cancellationToken);
            }

            return Accept(charge, decision);
        }
        catch (Exception failure) when (failure is not (RefusedException or OperationCanceledException))
        {
            // Nothing was dispatched where no hold could be placed, so a failure of the ledger costs nobody anything.
            throw new RefusedException(BalanceErrors.SystemFailed, failure);
        }
    }

    private PlacedHold Accept(CallCharge charge, HoldDecision decision)
    {
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

    private HoldOrder OrderOf(CallCharge charge) =>
        charge.ToOrder(new HeldCall(call.RequestId, record.RequiredCaller.UserId, call.RouteKey!), record.Key);

    private async ValueTask<EndpointCharge> PriceAsync(CancellationToken cancellationToken)
    {
        var endpoint = call.RouteKey is null ? null : await catalogue.FindAsync(call.RouteKey, cancellationToken);
        if (endpoint is null)
        {
            throw new RefusedException(BalanceErrors.EndpointNotConfigured);
        }

        record.PriceBy(endpoint.EndpointId);
        return endpoint.Active
            ? new EndpointCharge(MeterUnits.FromCredits(endpoint.Cost), endpoint.PriceVersionId)
            : throw new RefusedException(BalanceErrors.EndpointInactive);
    }
}
