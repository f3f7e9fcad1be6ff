using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Shared.Pipeline;

/// <summary>
/// Innermost: a metered request reaches its handler only with its price set aside on every account it touches. The outcome
/// is noted on the call's record; <see cref="AuditBehavior{TRequest,TResponse}"/> commits it with the audit record.
/// </summary>
internal sealed class BalanceBehavior<TRequest, TResponse>(
    CallHolds holds, CallRecord record, ICallJournal journal, IEnumerable<ICallBound<TRequest>> bounds)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
{
    // Whoever was told what a call cost reads a ledger that knows of it.
    public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next) =>
        request is IMeteredRequest ? PayAsync(request, next, cancellationToken) : journal.CatchUpAsync(cancellationToken).Then(next);

    private async Task<TResponse> PayAsync(TRequest request, RequestHandlerDelegate<TResponse> next, CancellationToken cancellationToken)
    {
        var hold = await holds.PlaceAsync(bounds.Single().Of(request), cancellationToken);
        try
        {
            var response = await next();
            record.Settle(Capture(hold));
            return response;
        }
        catch (Exception failure)
        {
            // What reached the caller before the failure is paid; otherwise nothing is.
            record.Settle(record.Delivery is null ? new Settlement.Release(hold.Id, Reason(failure)) : Capture(hold));
            throw;
        }
    }

    private Settlement.Capture Capture(PlacedHold hold) => new(hold.Id, hold.Charge.Due(record.Delivery))
    {
        ModelPriceId = hold.Charge.PriceOf(record.Delivery),
        Usage = record.Delivery is { } delivery ? new CallUsage(record.RequiredCaller.BindingKeyId, delivery) : null,
    };

    private static string Reason(Exception failure) => failure switch
    {
        RefusedException { Error.Code: var code } => code,
        OperationCanceledException => "cancelled",
        _ => failure.GetType().Name,
    };
}
