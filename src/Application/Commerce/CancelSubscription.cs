using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using MediatR;

namespace AiPlatform.Application.Commerce;

/// <summary>Has nothing follow the period that the caller has paid; until then the plan stays.</summary>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.Credentials)]
[Refuses(typeof(PlanErrors), nameof(PlanErrors.NoSubscription), nameof(PlanErrors.PaymentsNotConfigured), nameof(PlanErrors.NotConfirmed))]
[Refuses(typeof(RequestErrors), nameof(RequestErrors.ChangedMeanwhile))]
public sealed record CancelSubscriptionCommand : IRequest<PaidSubscription>;

internal sealed class CancelSubscriptionHandler(PlanChanges changes, CallRecord record)
    : IRequestHandler<CancelSubscriptionCommand, PaidSubscription>
{
    public async Task<PaidSubscription> Handle(CancelSubscriptionCommand command, CancellationToken cancellationToken)
    {
        var current = await changes.CurrentAsync(record.RequiredCaller.UserId, cancellationToken);
        return PaidSubscription.Of(await changes.CancelAsync(current, cancellationToken), changes.Now);
    }
}
