using AiPlatform.Application.Metering;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using AiPlatform.WebApi.Shared.Swagger;
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
    [Sends<CheckBalanceQuery>]
    [UnexpectedError("Error checking balance")]
    [ProducesResponseType<BalanceReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Check(CancellationToken cancellationToken) =>
        Ok(BalanceReply.Of(await mediator.Send(new CheckBalanceQuery(), cancellationToken)));

    /// <summary>Sets what a person can still spend this month.</summary>
    /// <param name="command">Whose balance, and how much.</param>
    /// <param name="queryToken">A usable access token of the administrator; <c>X-Token</c> keeps it out of addresses and is preferred.</param>
    /// <param name="headerToken">The token, in the place where no log keeps it.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The balance as it is now.</response>
    [HttpPost("/admin/update-balance")]
    [RouteKey("metering.update-balance")]
    [CarriesSecret]
    [UnexpectedError("Error updating balance")]
    [ProducesResponseType<UpdatedBalanceReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Update(
        [JsonBody] UpdateBalanceCommand command,
        [FromQuery(Name = "token")] string? queryToken,
        [FromHeader(Name = "X-Token")] string? headerToken,
        CancellationToken cancellationToken)
    {
        var balance = await mediator.Send(command with { Token = TokenParameter.Of(headerToken, queryToken) }, cancellationToken);
        return Ok(UpdatedBalanceReply.Of(balance));
    }
}

/// <summary>A balance.</summary>
/// <param name="UserId">The person.</param>
/// <param name="UserEmail" example="ada@example.com">Their address.</param>
/// <param name="CurrentBalance" example="999">Whole credits that can still be spent this month.</param>
/// <param name="Scope" example="1">Their tier, 0 to 5.</param>
/// <param name="TierDescription" example="Developer">What the tier is called.</param>
/// <param name="Month" example="March 2025">The month.</param>
public sealed record BalanceReply(Guid UserId, string UserEmail, long CurrentBalance, int Scope, string TierDescription, string Month)
{
    internal static BalanceReply Of(MonthlyBalance balance) => new(
        balance.UserId, balance.Email, balance.Credits, balance.Tier, balance.TierDescription, balance.Month.ToString());
}

/// <summary>A balance that was set.</summary>
/// <param name="Message" example="Balance updated successfully">What happened.</param>
/// <param name="UserId">The person.</param>
/// <param name="CurrentBalance" example="500">Whole credits that can still be spent this month.</param>
/// <param name="Scope" example="1">Their tier, 0 to 5.</param>
/// <param name="TierDescription" example="Developer">What the tier is called.</param>
/// <param name="Month" example="March 2025">The month.</param>
public sealed record UpdatedBalanceReply(
    string Message, Guid UserId, long CurrentBalance, int Scope, string TierDescription, string Month)
{
    internal static UpdatedBalanceReply Of(MonthlyBalance balance) => new(
        "Balance updated successfully", balance.UserId, balance.Credits, balance.Tier, balance.TierDescription, balance.Month.ToString());
}
