using AiPlatform.Application.Identity;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Identity;

/// <summary>Issues, shows and revokes access tokens (seed 000, rows S0-01 to S0-03 and S0-X1).</summary>
[ErrorShape(ErrorShape.AiFramework)]
public sealed class TokensController(IMediator mediator, LocalTimeText times) : ControllerBase
{
    /// <summary>Issues an access token to the holder of an API key.</summary>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The token; it is shown only now.</response>
    [HttpGet("/get-token")]
    [RouteKey("identity.get-token")]
    [Sends<GetTokenCommand>]
    [CarriesSecret]
    [UnexpectedError("Error generating token")]
    [ProducesResponseType<TokenReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> GetToken(CancellationToken cancellationToken) =>
        Ok(TokenReply.Of(await mediator.Send(new GetTokenCommand(), cancellationToken), times));

    /// <summary>Shows whether a token would be accepted, whose it is and when it expires.</summary>
    /// <param name="token">The token: one of the caller's own, or anybody's for an administrator. Better sent as <c>X-Token</c>.</param>
    /// <param name="header">The token, in the place where no log keeps it.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">What is known of the token.</response>
    [HttpGet("/get-token-details")]
    [RouteKey("identity.get-token-details")]
    [Sends<GetTokenDetailsQuery>]
    [CarriesSecret]
    [UnexpectedError("Error retrieving token details")]
    [ProducesResponseType<TokenDetailsReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> GetDetails(
        [FromQuery] string? token, [FromHeader(Name = "X-Token")] string? header, CancellationToken cancellationToken)
    {
        var details = await mediator.Send(new GetTokenDetailsQuery(TokenParameter.Of(header, token)), cancellationToken);
        return Ok(TokenDetailsReply.Of(details, times));
    }

    /// <summary>Issues a new token in exchange for a usable one of the caller's own, which stays good until its own expiry.</summary>
    /// <param name="token">The token to refresh. Better sent as <c>X-Token</c>.</param>
    /// <param name="header">The token to refresh, in the place where no log keeps it.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The new token; it is shown only now.</response>
    [HttpPost("/refresh-token")]
    [RouteKey("identity.refresh-token")]
    [Sends<RefreshTokenCommand>]
    [CarriesSecret]
    [UnexpectedError("Error refreshing token")]
    [ProducesResponseType<TokenReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Refresh(
        [FromQuery] string? token, [FromHeader(Name = "X-Token")] string? header, CancellationToken cancellationToken) =>
        Ok(TokenReply.Of(await mediator.Send(new RefreshTokenCommand(TokenParameter.Of(header, token)), cancellationToken), times));

    /// <summary>Revokes every usable token of an account.</summary>
    /// <param name="command">The account.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">How many tokens were revoked.</response>
    [HttpPost("/admin/revoke-tokens")]
    [RouteKey("identity.revoke-tokens")]
    [UnexpectedError("Error revoking tokens")]
    [ProducesResponseType<RevokedTokensReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Revoke([JsonBody] RevokeTokensCommand command, CancellationToken cancellationToken)
    {
        var revoked = await mediator.Send(command, cancellationToken);
        return Ok(new RevokedTokensReply("Tokens revoked successfully", revoked.UserId, revoked.Revoked));
    }

    /// <summary>Has a new key sign session tokens; those signed before are accepted until they expire.</summary>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The new key.</response>
    [HttpPost("/admin/rotate-signing-key")]
    [RouteKey("identity.rotate-signing-key")]
    [Sends<RotateSigningKeyCommand>]
    [UnexpectedError("Error rotating signing key")]
    [ProducesResponseType<RotatedSigningKeyReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> RotateSigningKey(CancellationToken cancellationToken)
    {
        var rotated = await mediator.Send(new RotateSigningKeyCommand(), cancellationToken);
        return Ok(new RotatedSigningKeyReply("Signing key rotated successfully", rotated.KeyId, UtcText.Of(rotated.RetiresAt)));
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

/// <summary>What is known of a token.</summary>
/// <param name="TokenStatus"><c>valid</c>, <c>invalid</c> or <c>expired</c>.</param>
/// <param name="UserId">The account that it is bound to.</param>
/// <param name="TokenScope">The account's tier when the token was issued, 0 to 5.</param>
/// <param name="TokenExpirationTime">When it expires, for example <c>2025-03-05 14:00:00 SAST+0200</c>.</param>
public sealed record TokenDetailsReply(string TokenStatus, Guid UserId, int TokenScope, string TokenExpirationTime)
{
    internal static TokenDetailsReply Of(TokenDetails details, LocalTimeText times) => new(
        details.Status switch
        {
            Application.Identity.TokenStatus.Valid => "valid",
            Application.Identity.TokenStatus.Expired => "expired",
            _ => "invalid",
        },
        details.UserId,
        details.Tier,
        times.WithZone(details.ExpiresAt));
}

/// <summary>What was revoked.</summary>
/// <param name="Message">What happened.</param>
/// <param name="UserId">The account.</param>
/// <param name="Revoked">How many tokens were usable until now.</param>
public sealed record RevokedTokensReply(string Message, Guid UserId, int Revoked);

/// <summary>The key that signs session tokens from now on.</summary>
/// <param name="Message">What happened.</param>
/// <param name="KeyId">The key, as session tokens name it (<c>kid</c>).</param>
/// <param name="EarlierRetireAt" example="2025-03-05T12:31:00.000000Z">When nothing that the keys before it signed is accepted any more, UTC.</param>
public sealed record RotatedSigningKeyReply(string Message, Guid KeyId, string EarlierRetireAt);
