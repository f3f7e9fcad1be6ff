using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Commerce;

/// <summary>Moves the caller to a higher plan at once; the difference in this month's tokens is given with it.</summary>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.Credentials)]
[Refuses(
    typeof(PlanErrors),
    nameof(PlanErrors.NotFound), nameof(PlanErrors.NotHigher), nameof(PlanErrors.PaymentsNotConfigured), nameof(PlanErrors.NotPaid), nameof(PlanErrors.NotConfirmed))]
[Refuses(typeof(RequestErrors), nameof(RequestErrors.ChangedMeanwhile))]
public sealed record UpgradePlanCommand : IRequest<ChangedPlan>
{
    /// <summary>The plan.</summary>
    /// <example>ultra</example>
    [Required]
    public Supplied<string> PlanName { get; init; }
}

internal sealed class UpgradePlanValidator : PlanRules<UpgradePlanCommand>
{
    public UpgradePlanValidator() => RequirePlan(command => command.PlanName);
}

internal sealed class UpgradePlanHandler(PlanChanges changes, CallRecord record) : IRequestHandler<UpgradePlanCommand, ChangedPlan>
{
    public async Task<ChangedPlan> Handle(UpgradePlanCommand command, CancellationToken cancellationToken)
    {
        var plan = await changes.GetAsync(command.PlanName.Value, cancellationToken);
        var current = await changes.CurrentAsync(record.RequiredCaller.UserId, cancellationToken);
        if (plan.Price <= current.Plan.Price)
        {
            throw new RefusedException(PlanErrors.NotHigher);
        }

        var subscription = await changes.UpgradeAsync(record.RequiredCaller, current, plan, null, cancellationToken);
        return new ChangedPlan(PlanView.Of(plan), PaidSubscription.Of(subscription, changes.Now), IsAtOnce: true);
    }
}
