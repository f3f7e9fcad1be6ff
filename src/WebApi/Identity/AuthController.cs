using AiPlatform.Application.Identity;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Identity;

/// <summary>Registering, signing in and out (seeds 002 and 003, which share these paths; out also at seed 001's).</summary>
[ErrorShape(ErrorShape.Detail)]
[BearerWords]
public sealed class AuthController(IMediator mediator) : ControllerBase
{
    private const string Failed = "The request could not be completed";

    /// <summary>Opens an account.</summary>
    /// <param name="command">The account.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The account.</response>
    [HttpPost("/auth/register")]
    [RouteKey("identity.register")]
    [UnexpectedError(Failed)]
    [ProducesResponseType<PersonReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Register([JsonBody] RegisterAccountCommand command, CancellationToken cancellationToken) =>
        Ok(PersonReply.Of(await mediator.Send(command, cancellationToken)));

    /// <summary>Signs in by a password, as JSON or as a form.</summary>
    /// <remarks>With <c>email</c> for <c>username</c> there is a refresh token too.</remarks>
    /// <param name="command">Who signs in.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The session's tokens; the cookie <c>access_token</c> is set.</response>
    [HttpPost("/auth/login")]
    [HttpPost("/auth/login-json")]
    [RouteKey("identity.sign-in")]
    [AcceptsForm]
    [CarriesSecret]
    [UnexpectedError(Failed)]
    [ProducesResponseType<SessionReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Login([JsonBody] SignInCommand command, CancellationToken cancellationToken) =>
        Opened(await mediator.Send(command, cancellationToken));

    /// <summary>Sends a code of six digits to an address, which is good for ten minutes.</summary>
    /// <param name="command">The address.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">Whether the address is known or not.</response>
    [HttpPost("/auth/validate-email")]
    [RouteKey("identity.send-email-code")]
    [UnexpectedError(Failed)]
    [ProducesResponseType<MessageReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> ValidateEmail([JsonBody] SendEmailCodeCommand command, CancellationToken cancellationToken)
    {
        await mediator.Send(command, cancellationToken);
        return Ok(new MessageReply("Validation code has been generated and sent"));
    }

    /// <summary>Signs in by a code that was sent to an address, as JSON or as a form; a new address opens an account.</summary>
    /// <param name="command">The address and the code.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The session's token; the cookie <c>access_token</c> is set.</response>
    [HttpPost("/auth/sign-in")]
    [RouteKey("identity.sign-in-by-code")]
    [AcceptsForm]
    [CarriesSecret]
    [UnexpectedError(Failed)]
    [ProducesResponseType<SessionReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> SignInByCode([JsonBody] SignInByCodeCommand command, CancellationToken cancellationToken) =>
        Opened(await mediator.Send(command, cancellationToken));

    /// <summary>Ends the session, if there is one, and takes the cookie away.</summary>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The session's tokens are refused from now on.</response>
    [HttpPost("/auth/logout")]
    [HttpPost("/logout")]
    [HttpGet("/logout")]
    [RouteKey("identity.sign-out")]
    [Sends<SignOutCommand>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<MessageReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Logout(CancellationToken cancellationToken)
    {
        await mediator.Send(new SignOutCommand(), cancellationToken);
        SessionCookie.Clear(Response);
        return Ok(new MessageReply("Successfully logged out"));
    }

    /// <summary>Shows the caller's own account.</summary>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The account.</response>
    [HttpGet("/auth/me")]
    [RouteKey("identity.get-own-account")]
    [Sends<GetOwnAccountQuery>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<PersonReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Me(CancellationToken cancellationToken) =>
        Ok(PersonReply.Of(await mediator.Send(new GetOwnAccountQuery(), cancellationToken)));

    /// <summary>Changes the caller's address or password, given the password as it is.</summary>
    /// <remarks>An account without a password is given one without, within five minutes of a sign-in by a code or with Google.</remarks>
    /// <param name="command">What changes.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The account.</response>
    [HttpPut("/auth/me/update")]
    [RouteKey("identity.change-own-account")]
    [UnexpectedError(Failed)]
    [ProducesResponseType<PersonReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> UpdateMe([JsonBody] ChangeOwnAccountCommand command, CancellationToken cancellationToken) =>
        Ok(PersonReply.Of(await mediator.Send(command, cancellationToken)));

    private OkObjectResult Opened(OpenedSession session)
    {
        SessionCookie.Set(Response, session.AccessToken, session.LifetimeSeconds);
        return Ok(SessionReply.Of(session));
    }
}
