using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Commerce;
using MediatR;

namespace AiPlatform.Application.Commerce;

/// <summary>Shows the caller's plan, and the subscription that pays for it.</summary>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.General)]
public sealed record GetSubscriptionQuery : IRequest<SubscriptionView>;

/// <summary>A person's plan.</summary>
/// <param name="Plan">The plan in force.</param>
/// <param name="Paid">The subscription; <see langword="null"/> on the free plan.</param>
public sealed record SubscriptionView(PlanView Plan, PaidSubscription? Paid);

/// <summary>A subscription that is paid for.</summary>
/// <param name="Id">The subscription.</param>
/// <param name="Status"><c>active</c>, <c>cancelled</c> where nothing follows the period, <c>past_due</c> where the next one is not paid yet.</param>
/// <param name="PeriodStart">When the paid period began, UTC.</param>
/// <param name="PeriodEnd">The first instant that is not paid, UTC.</param>
/// <param name="Reference">The gateway's name for it.</param>
/// <param name="CreatedAt">When it was begun, UTC.</param>
public sealed record PaidSubscription(
    Guid Id, string Status, DateTimeOffset PeriodStart, DateTimeOffset PeriodEnd, string Reference, DateTimeOffset CreatedAt)
{
    internal static PaidSubscription Of(Subscription subscription, DateTimeOffset now) => new(
        subscription.Id,
        subscription.EndsWithPeriod ? "cancelled" : now >= subscription.PeriodEnd ? "past_due" : "active",
        subscription.PeriodStart,
        subscription.PeriodEnd,
        subscription.Reference,
        subscription.CreatedAt);
}

internal sealed class GetSubscriptionHandler(PlanChanges changes, CallRecord record) : IRequestHandler<GetSubscriptionQuery, SubscriptionView>
{
    public async Task<SubscriptionView> Handle(GetSubscriptionQuery query, CancellationToken cancellationToken)
    {
        var (subscription, plan, _) = await changes.CurrentAsync(record.RequiredCaller.UserId, cancellationToken);
        return new SubscriptionView(PlanView.Of(plan), subscription is null ? null : PaidSubscription.Of(subscription, changes.Now));
    }
}
