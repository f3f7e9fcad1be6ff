using AiPlatform.Application.Metering;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Metering;

/// <summary>Shows and corrects balances (seed 000, rows S0-10 and S0-11).</summary>
[ErrorShape(ErrorShape.AiFramework)]
public sealed class BalanceController(IMediator mediator) : ControllerBase
{
    /// <summary>Shows what the caller can still spend this month.</summary>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The balance.</response>
    [HttpGet("/check-balance")]
    [RouteKey("metering.check-balance")]
    [UnexpectedError("Error checking balance")]
    [ProducesResponseType<BalanceReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Check(CancellationToken cancellationToken) =>
        Ok(BalanceReply.Of(await mediator.Send(new CheckBalanceQuery(), cancellationToken)));
}

/// <summary>A balance.</summary>
/// <param name="UserId">The person.</param>
/// <param name="UserEmail">Their address.</param>
/// <param name="CurrentBalance">Whole credits that can still be spent this month.</param>
/// <param name="Scope">Their tier, 0 to 5.</param>
/// <param name="TierDescription">What the tier is called.</param>
/// <param name="Month">The month, for example <c>March 2025</c>.</param>
public sealed record BalanceReply(Guid UserId, string UserEmail, long CurrentBalance, int Scope, string TierDescription, string Month)
{
    internal static BalanceReply Of(MonthlyBalance balance) => new(
        balance.UserId, balance.Email, balance.Credits, balance.Tier, balance.TierDescription, balance.Month.ToString());
}
