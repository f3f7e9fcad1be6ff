using AiPlatform.Application.Commerce;
using AiPlatform.Domain.Metering;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Commerce;

/// <summary>Plans, and the caller's own (seed 003).</summary>
[ErrorShape(ErrorShape.FastApi)]
[BearerWords]
public sealed class SubscriptionsController(IMediator mediator) : ControllerBase
{
    private const string Failed = "The request could not be completed";

    /// <summary>Lists the plans, cheapest first.</summary>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The plans.</response>
    [HttpGet("/subscriptions/plans")]
    [RouteKey("subscriptions.plans")]
    [Sends<ListPlansQuery>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<IReadOnlyList<OfferedPlanReply>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Plans(CancellationToken cancellationToken) =>
        Ok((await mediator.Send(new ListPlansQuery(), cancellationToken)).Select(OfferedPlanReply.Of).ToList());

    /// <summary>Shows the caller's plan.</summary>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The plan, and the subscription that pays for it.</response>
    [HttpGet("/subscriptions/current")]
    [RouteKey("subscriptions.current")]
    [Sends<GetSubscriptionQuery>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<CurrentPlanReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Current(CancellationToken cancellationToken)
    {
        var current = await mediator.Send(new GetSubscriptionQuery(), cancellationToken);
        return Ok(new CurrentPlanReply(true, PlanReply.Of(current.Plan), SubscriptionReply.Of(current.Paid)));
    }

    /// <summary>Subscribes to a plan: a higher one at once, a lower one when the period that is paid is over.</summary>
    /// <param name="command">The plan.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The plan is in force, or follows.</response>
    [HttpPost("/subscriptions/subscribe")]
    [RouteKey("subscriptions.subscribe")]
    [UnexpectedError(Failed)]
    [ProducesResponseType<ChangedPlanReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Subscribe([JsonBody] SubscribeToPlanCommand command, CancellationToken cancellationToken) =>
        Ok(ChangedPlanReply.Of(await mediator.Send(command, cancellationToken), "Subscribed to"));

    /// <summary>Moves to a higher plan at once.</summary>
    /// <param name="command">The plan.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The plan is in force, and its tokens are given.</response>
    [HttpPut("/subscriptions/upgrade")]
    [RouteKey("subscriptions.upgrade")]
    [UnexpectedError(Failed)]
    [ProducesResponseType<ChangedPlanReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Upgrade([JsonBody] UpgradePlanCommand command, CancellationToken cancellationToken) =>
        Ok(ChangedPlanReply.Of(await mediator.Send(command, cancellationToken), "Upgraded to"));

    /// <summary>Has a lower plan follow the period that is paid.</summary>
    /// <param name="command">The plan.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The plan follows.</response>
    [HttpPost("/subscriptions/downgrade")]
    [RouteKey("subscriptions.downgrade")]
    [UnexpectedError(Failed)]
    [ProducesResponseType<ChangedPlanReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Downgrade([JsonBody] DowngradePlanCommand command, CancellationToken cancellationToken) =>
        Ok(ChangedPlanReply.Of(await mediator.Send(command, cancellationToken), "Downgraded to"));

    /// <summary>Has nothing follow the period that is paid.</summary>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The plan stays until the period is over.</response>
    [HttpPost("/subscriptions/cancel")]
    [RouteKey("subscriptions.cancel")]
    [Sends<CancelSubscriptionCommand>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<CancelledPlanReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Cancel(CancellationToken cancellationToken)
    {
        var cancelled = await mediator.Send(new CancelSubscriptionCommand(), cancellationToken);
        return Ok(new CancelledPlanReply(true, "Subscription cancelled", UtcText.Of(cancelled.PeriodEnd), SubscriptionReply.Of(cancelled)!));
    }
}

/// <summary>A plan as it is offered.</summary>
/// <param name="Id" example="01890a5d-ac96-774b-bcce-b302099a8057">The plan.</param>
/// <param name="Name" example="free">Its name on the wire.</param>
/// <param name="DisplayName" example="Free">Its name as shown.</param>
/// <param name="MonthlyTokens" example="10000">Tokens a month.</param>
/// <param name="PriceMonthly" example="0">US dollars a month.</param>
/// <param name="Features">What it offers.</param>
/// <param name="IsActive" example="true">Whether it can be subscribed to.</param>
public sealed record OfferedPlanReply(
    string Id, string Name, string DisplayName, long MonthlyTokens, decimal PriceMonthly, IReadOnlyList<string> Features, bool IsActive)
{
    internal static OfferedPlanReply Of(PlanView plan) => new(
        plan.Id.ToString("D"), plan.Name, plan.DisplayName, plan.MonthlyTokens, PlanReply.Dollars(plan.Price), plan.Features, plan.Active);
}

/// <summary>A plan.</summary>
/// <param name="Id" example="01890a5d-ac96-774b-bcce-b302099a8057">The plan.</param>
/// <param name="Name" example="free">Its name on the wire.</param>
/// <param name="DisplayName" example="Free">Its name as shown.</param>
/// <param name="MonthlyTokens" example="10000">Tokens a month.</param>
/// <param name="PriceMonthly" example="0">US dollars a month.</param>
/// <param name="Features">What it offers.</param>
public sealed record PlanReply(
    string Id, string Name, string DisplayName, long MonthlyTokens, decimal PriceMonthly, IReadOnlyList<string> Features)
{
    internal static PlanReply Of(PlanView plan) =>
        new(plan.Id.ToString("D"), plan.Name, plan.DisplayName, plan.MonthlyTokens, Dollars(plan.Price), plan.Features);

    internal static decimal Dollars(long nanoDollars) => nanoDollars / (decimal)MeterUnits.PerDollar;
}

/// <summary>The caller's plan.</summary>
/// <param name="HasSubscription" example="true">Always <c>true</c>: everybody has a plan.</param>
/// <param name="Plan">The plan in force.</param>
/// <param name="Subscription">The subscription that pays for it; <c>null</c> on the free plan.</param>
public sealed record CurrentPlanReply(bool HasSubscription, PlanReply Plan, SubscriptionReply? Subscription);

/// <summary>A subscription that is paid for.</summary>
/// <param name="Id" example="01890a5d-ac96-774b-bcce-b302099a8057">The subscription.</param>
/// <param name="Status" example="active"><c>active</c>, <c>cancelled</c> or <c>past_due</c>.</param>
/// <param name="CurrentPeriodStart" example="2024-01-01T00:00:00Z">When the paid period began, UTC.</param>
/// <param name="CurrentPeriodEnd" example="2024-02-01T00:00:00Z">The first instant that is not paid, UTC.</param>
/// <param name="StripeSubscriptionId" example="sub_1">The payment gateway's name for it.</param>
/// <param name="CreatedAt" example="2024-01-01T00:00:00Z">When it was begun, UTC.</param>
public sealed record SubscriptionReply(
    string Id, string Status, string CurrentPeriodStart, string CurrentPeriodEnd, string StripeSubscriptionId, string CreatedAt)
{
    internal static SubscriptionReply? Of(PaidSubscription? paid) => paid is null
        ? null
        : new SubscriptionReply(
            paid.Id.ToString("D"),
            paid.Status,
            UtcText.Of(paid.PeriodStart),
            UtcText.Of(paid.PeriodEnd),
            paid.Reference,
            UtcText.Of(paid.CreatedAt));
}

/// <summary>A change of plan.</summary>
/// <param name="Success" example="true">Always <c>true</c>.</param>
/// <param name="Plan" example="pro">The plan that was asked for.</param>
/// <param name="SubscriptionId">The subscription; <c>null</c> on the free plan.</param>
/// <param name="Message" example="Upgraded to Pro">What happened.</param>
/// <param name="EffectiveDate">When the plan comes into force, UTC; <c>null</c> where it is.</param>
public sealed record ChangedPlanReply(bool Success, string Plan, string? SubscriptionId, string Message, string? EffectiveDate)
{
    internal static ChangedPlanReply Of(ChangedPlan changed, string what) => new(
        true,
        changed.Plan.Name,
        changed.Subscription?.Id.ToString("D"),
        $"{what} {changed.Plan.DisplayName}",
        changed is { IsAtOnce: false, Subscription: { } paid } ? UtcText.Of(paid.PeriodEnd) : null);
}

/// <summary>A subscription that was cancelled.</summary>
/// <param name="Success" example="true">Always <c>true</c>.</param>
/// <param name="Message" example="Subscription cancelled">What happened.</param>
/// <param name="CancelAt" example="2024-02-01T00:00:00Z">When the plan ends, UTC.</param>
/// <param name="Details">The subscription.</param>
public sealed record CancelledPlanReply(bool Success, string Message, string CancelAt, SubscriptionReply Details);
