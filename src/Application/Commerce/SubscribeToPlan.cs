using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Commerce;
using MediatR;

namespace AiPlatform.Application.Commerce;

/// <summary>Subscribes the caller to a plan: a higher one at once, a lower one when the period that is paid is over.</summary>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.Credentials)]
[Refuses(
    typeof(PlanErrors),
    nameof(PlanErrors.NotFound), nameof(PlanErrors.PaymentsNotConfigured), nameof(PlanErrors.NotPaid), nameof(PlanErrors.NotConfirmed))]
[Refuses(typeof(RequestErrors), nameof(RequestErrors.ChangedMeanwhile))]
public sealed record SubscribeToPlanCommand : IRequest<ChangedPlan>
{
    /// <summary>The plan.</summary>
    /// <example>free</example>
    [Required]
    public Supplied<string> PlanName { get; init; }

    /// <summary>The gateway's name for what pays, where it is not what the caller paid with before.</summary>
    /// <example>pm_card_visa</example>
    [MaxLength(Subscription.MaxReferenceLength)]
    public Supplied<string> PaymentMethodId { get; init; }
}

/// <summary>A change of plan.</summary>
/// <param name="Plan">The plan that was asked for.</param>
/// <param name="Subscription">The subscription; <see langword="null"/> on the free plan.</param>
/// <param name="IsAtOnce">Whether the plan is in force; else it follows the period that is paid.</param>
public sealed record ChangedPlan(PlanView Plan, PaidSubscription? Subscription, bool IsAtOnce);

internal sealed class SubscribeToPlanValidator : PlanRules<SubscribeToPlanCommand>
{
    public SubscribeToPlanValidator()
    {
        RequirePlan(command => command.PlanName);
        RequirePaymentMethod(command => command.PaymentMethodId);
    }
}

internal sealed class SubscribeToPlanHandler(PlanChanges changes, CallRecord record) : IRequestHandler<SubscribeToPlanCommand, ChangedPlan>
{
    public async Task<ChangedPlan> Handle(SubscribeToPlanCommand command, CancellationToken cancellationToken)
    {
        var caller = record.RequiredCaller;
        var plan = await changes.GetAsync(command.PlanName.Value, cancellationToken);
        var current = await changes.CurrentAsync(caller.UserId, cancellationToken);
        var subscription = current.Subscription;
        if (plan.Price > current.Plan.Price)
        {
            var paysWith = command.PaymentMethodId.IsGiven ? command.PaymentMethodId.Value : null;
            subscription = await changes.UpgradeAsync(caller, current, plan, paysWith, cancellationToken);
        }
        else if (plan.Price < current.Plan.Price)
        {
            await changes.DowngradeAsync(caller, current, plan, cancellationToken);
        }

        return new ChangedPlan(
            PlanView.Of(plan), subscription is null ? null : PaidSubscription.Of(subscription, changes.Now), plan.Price >= current.Plan.Price);
    }
}
