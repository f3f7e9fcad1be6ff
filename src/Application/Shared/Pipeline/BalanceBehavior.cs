using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Operations.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Shared.Pipeline;

/// <summary>
/// Innermost: a metered request reaches its handler only with its price set aside on every account it touches. The outcome
/// is noted on the call's record; <see cref="AuditBehavior{TRequest,TResponse}"/> commits it with the audit record.
/// </summary>
internal sealed class BalanceBehavior<TRequest, TResponse>(
    ICallContext call, CallRecord record, IEndpointCatalogue catalogue, IMonthlyCredits credits, ILedger ledger)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        if (request is not IMeteredRequest)
        {
            return await next();
        }

        var holdId = await TryHoldAsync(cancellationToken);
        try
        {
            var response = await next();
            record.Settle(new Settlement.Capture(holdId));
            return response;
        }
        catch (Exception failure)
        {
            record.Settle(new Settlement.Release(holdId, Reason(failure)));
            throw;
        }
    }

    private static string Reason(Exception failure) => failure switch
    {
        RefusedException { Error.Code: var code } => code,
        OperationCanceledException => "cancelled",
        _ => failure.GetType().Name,
    };

    /// <summary>Nothing was dispatched where no hold could be placed, so a failure of the ledger costs nobody anything.</summary>
    private async Task<Guid> TryHoldAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await HoldAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is not (RefusedException or OperationCanceledException))
        {
            throw new RefusedException(BalanceErrors.SystemFailed, failure);
        }
    }

    private async Task<Guid> HoldAsync(CancellationToken cancellationToken)
    {
        var endpoint = await PriceAsync(cancellationToken);
        var account = await AccountAsync(cancellationToken);
        var line = new HoldOrderLine(account.Account, account.OpeningGrant, MeterUnits.FromCredits(endpoint.Cost));
        var heldCall = new HeldCall(call.RequestId, record.RequiredCaller.UserId, call.RouteKey!);
        var decision = await ledger.PlaceHoldAsync(
            new HoldOrder(heldCall, endpoint.PriceVersionId, [line], Dispatched: true), cancellationToken);
        return decision.HoldId ?? throw new RefusedException(BalanceErrors.Depleted);
    }

    private async Task<CreditAccount> AccountAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await credits.ForAsync(record.RequiredCaller, cancellationToken);
        }
        catch (Exception failure) when (failure is not (RefusedException or OperationCanceledException))
        {
            throw new RefusedException(BalanceErrors.NotInitialized, failure);
        }
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
