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

/// <summary>The caller's wallet (seed 001).</summary>
[ErrorShape(ErrorShape.FastApi)]
[UnauthenticatedWords("Unauthorized")]
public sealed class WalletController(IMediator mediator) : ControllerBase
{
    /// <summary>Shows what the wallet has.</summary>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">What it has.</response>
    [HttpGet("/wallet/balance")]
    [RouteKey("wallet.balance")]
    [Sends<GetWalletBalanceQuery>]
    [UnexpectedError("The request could not be completed")]
    [ProducesResponseType<WalletBalanceReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Balance(CancellationToken cancellationToken)
    {
        var balance = await mediator.Send(new GetWalletBalanceQuery(), cancellationToken);
        return Ok(new WalletBalanceReply(MeterUnits.ToCents(balance.Amount)));
    }

    /// <summary>Charges a card by its payment token and credits the wallet. Under one Idempotency-Key the card is charged once.</summary>
    /// <param name="command">The token and the amount.</param>
    /// <param name="amount">US cents, where the body has none.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The wallet has the money.</response>
    [HttpPost("/wallet/recharge")]
    [BodyExample("""{"token":"tok_visa","amount":500}""")]
    [RouteKey("wallet.recharge")]
    [CarriesSecret]
    [UnexpectedError("The request could not be completed")]
    [ProducesResponseType<WalletRechargeReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Recharge(
        [JsonBody] RechargeWalletCommand command, [FromQuery(Name = "amount")] string? amount, CancellationToken cancellationToken)
    {
        var request = command.Amount.IsLeftOut ? command with { Amount = QueryText.Long(amount) } : command;
        var recharged = await mediator.Send(request, cancellationToken);
        return Ok(new WalletRechargeReply("Wallet recharge successful", MeterUnits.ToCents(recharged.Balance)));
    }
}

/// <summary>What a wallet has.</summary>
/// <param name="WalletBalance" example="900">Whole US cents, rounded down; what calls under way have set aside is still in it.</param>
public sealed record WalletBalanceReply(long WalletBalance);

/// <summary>A wallet that was recharged.</summary>
/// <param name="Message" example="Wallet recharge successful">Always the same words.</param>
/// <param name="WalletBalance" example="900">What it had then, in whole US cents, rounded down.</param>
public sealed record WalletRechargeReply(string Message, long WalletBalance);
