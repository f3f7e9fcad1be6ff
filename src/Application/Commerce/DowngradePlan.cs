using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Commerce;

/// <summary>Has a lower plan follow the period that the caller has paid.</summary>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.Credentials)]
[Refuses(
    typeof(PlanErrors),
    nameof(PlanErrors.NotFound), nameof(PlanErrors.NotLower), nameof(PlanErrors.PaymentsNotConfigured), nameof(PlanErrors.NotConfirmed))]
[Refuses(typeof(RequestErrors), nameof(RequestErrors.ChangedMeanwhile))]
public sealed record DowngradePlanCommand : IRequest<ChangedPlan>
{
    /// <summary>The plan.</summary>
    /// <example>free</example>
    [Required]
    public Supplied<string> PlanName { get; init; }
}

internal sealed class DowngradePlanValidator : PlanRules<DowngradePlanCommand>
{
    public DowngradePlanValidator() => RequirePlan(command => command.PlanName);
}

internal sealed class DowngradePlanHandler(PlanChanges changes, CallRecord record) : IRequestHandler<DowngradePlanCommand, ChangedPlan>
{
    public async Task<ChangedPlan> Handle(DowngradePlanCommand command, CancellationToken cancellationToken)
    {
        var plan = await changes.GetAsync(command.PlanName.Value, cancellationToken);
        var current = await changes.CurrentAsync(record.RequiredCaller.UserId, cancellationToken);
        if (plan.Price >= current.Plan.Price)
        {
            throw new RefusedException(PlanErrors.NotLower);
        }

        await changes.DowngradeAsync(record.RequiredCaller, current, plan, cancellationToken);
        return new ChangedPlan(PlanView.Of(plan), PaidSubscription.Of(current.Subscription!, changes.Now), IsAtOnce: false);
    }
}
