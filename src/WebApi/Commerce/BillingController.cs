using AiPlatform.Application.Commerce;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Commerce;

/// <summary>What Stripe tells of itself (seed 002).</summary>
[ErrorShape(ErrorShape.Detail)]
public sealed class BillingController(IMediator mediator) : ControllerBase
{
    /// <summary>Takes an event of Stripe's in, once whatever the number of its deliveries. Stripe is asked what is so.</summary>
    /// <param name="command">The event.</param>
    /// <param name="signature">Stripe's signature of the body. Outside of Production, where no secret is configured, none is needed.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">It was written down.</response>
    [HttpPost("/billing/events")]
    [BodyExample("""{"type":"invoice.payment_succeeded","data":{"object":{"id":"in_1NG8Du2eZvKYlo2C","customer":"cus_9s6XKzkNRiz8i3","amount_paid":1000}}}""")]
    [RouteKey("billing.events")]
    [UnexpectedError("Error processing webhook")]
    [ProducesResponseType<ReceivedEventReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Events(
        [JsonBody] ReceivePaymentEventCommand command,
        [FromHeader(Name = "Stripe-Signature")] string? signature,
        CancellationToken cancellationToken)
    {
        var receipt = await mediator.Send(command with { Signature = signature }, cancellationToken);
        return Ok(new ReceivedEventReply(receipt.Received));
    }
}

/// <summary>An event was taken in.</summary>
/// <param name="Received" example="true">Always <c>true</c>.</param>
public sealed record ReceivedEventReply(bool Received);
