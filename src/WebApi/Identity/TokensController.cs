using AiPlatform.Application.Identity;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Identity;

/// <summary>Issues access tokens (seed 000, rows S0-01 to S0-03).</summary>
[ErrorShape(ErrorShape.AiFramework)]
public sealed class TokensController(IMediator mediator, LocalTimeText times) : ControllerBase
{
    /// <summary>Issues an access token to the holder of an API key.</summary>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The token; it is shown only now.</response>
    [HttpGet("/get-token")]
    [RouteKey("identity.get-token")]
    [Sends<GetTokenCommand>]
    [UnexpectedError("Error generating token")]
    [ProducesResponseType<TokenReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> GetToken(CancellationToken cancellationToken)
    {
        var issued = await mediator.Send(new GetTokenCommand(), cancellationToken);
        Response.Headers.CacheControl = "no-store";
        return Ok(TokenReply.Of(issued, times));
    }
}

/// <summary>An access token.</summary>
/// <param name="AccessToken" example="a-token-shown-only-now">The opaque token; send it as <c>X-Token</c>.</param>
/// <param name="TokenType" example="Bearer">Always <c>Bearer</c>.</param>
/// <param name="ExpiresIn" example="3600">Seconds until it expires.</param>
/// <param name="ExpiresOn" example="2025-03-05 14:00:00 +0200">When it expires.</param>
public sealed record TokenReply(string AccessToken, string TokenType, int ExpiresIn, string ExpiresOn)
{
    internal static TokenReply Of(IssuedToken issued, LocalTimeText times) =>
        new(issued.AccessToken, "Bearer", issued.LifetimeSeconds, times.WithOffset(issued.ExpiresAt));
}
