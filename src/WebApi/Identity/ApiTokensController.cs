using AiPlatform.Application.Identity;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Identity;

/// <summary>API tokens and sessions of the caller (seed 002).</summary>
[ErrorShape(ErrorShape.Detail)]
[BearerWords]
public sealed class ApiTokensController(IMediator mediator) : ControllerBase
{
    private const string Failed = "The request could not be completed";

    /// <summary>Makes an API token.</summary>
    /// <param name="command">The token.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The token; its secret is shown only now.</response>
    [HttpPost("/auth/token")]
    [RouteKey("identity.create-api-token")]
    [CarriesSecret]
    [UnexpectedError(Failed)]
    [ProducesResponseType<CreatedApiTokenReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Create([JsonBody] CreateApiTokenCommand command, CancellationToken cancellationToken) =>
        Ok(CreatedApiTokenReply.Of(await mediator.Send(command, cancellationToken)));

    /// <summary>Lists the caller's API tokens, oldest first.</summary>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The tokens, without their secrets; at most 100.</response>
    [HttpGet("/auth/token")]
    [RouteKey("identity.list-api-tokens")]
    [Sends<ListApiTokensQuery>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<IReadOnlyList<ApiTokenReply>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> List(CancellationToken cancellationToken) =>
        Ok((await mediator.Send(new ListApiTokensQuery(), cancellationToken)).Select(ApiTokenReply.Of).ToList());

    /// <summary>Deletes one of the caller's API tokens.</summary>
    /// <param name="tokenId">The token.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">It is refused from now on.</response>
    [HttpDelete("/auth/token/{token_id}")]
    [RouteKey("identity.delete-api-token")]
    [Sends<DeleteApiTokenCommand>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<MessageReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Delete([FromRoute(Name = "token_id")] string tokenId, CancellationToken cancellationToken)
    {
        await mediator.Send(new DeleteApiTokenCommand(tokenId), cancellationToken);
        return Ok(new MessageReply("Token deleted successfully"));
    }

    /// <summary>Lists the caller's open sessions, newest first.</summary>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The sessions; at most 100.</response>
    [HttpGet("/auth/sessions")]
    [RouteKey("identity.list-sessions")]
    [Sends<ListSessionsQuery>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<IReadOnlyList<OpenSessionReply>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> ListSessions(CancellationToken cancellationToken) =>
        Ok((await mediator.Send(new ListSessionsQuery(), cancellationToken)).Select(OpenSessionReply.Of).ToList());

    /// <summary>Ends one of the caller's sessions.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">Its tokens are refused from now on.</response>
    [HttpDelete("/auth/sessions/{session_id}")]
    [RouteKey("identity.end-session")]
    [Sends<EndSessionCommand>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<MessageReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> EndSession([FromRoute(Name = "session_id")] string sessionId, CancellationToken cancellationToken)
    {
        await mediator.Send(new EndSessionCommand(sessionId), cancellationToken);
        return Ok(new MessageReply("Session ended successfully"));
    }
}

/// <summary>A new API token.</summary>
/// <param name="Id" example="01890a5d-ac96-774b-bcce-b302099a8057">The token.</param>
/// <param name="Name" example="My API Token">What it is called.</param>
/// <param name="Token" example="sk-shown-only-now">The secret, shown only now; send it as <c>Authorization: Bearer</c>.</param>
/// <param name="UserId" example="1">The number of its account.</param>
/// <param name="CreatedAt" example="2024-01-01T00:00:00Z">When it was made, UTC.</param>
public sealed record CreatedApiTokenReply(string Id, string? Name, string Token, long UserId, string CreatedAt)
{
    internal static CreatedApiTokenReply Of(CreatedApiToken created) => new(
        created.Token.Id.ToString("D"), created.Token.Name, created.Secret, created.Token.UserNumber, UtcText.Of(created.Token.CreatedAt));
}

/// <summary>An API token without its secret.</summary>
/// <param name="Id" example="01890a5d-ac96-774b-bcce-b302099a8057">The token.</param>
/// <param name="Name" example="My API Token">What it is called.</param>
/// <param name="UserId" example="1">The number of its account.</param>
/// <param name="CreatedAt" example="2024-01-01T00:00:00Z">When it was made, UTC.</param>
public sealed record ApiTokenReply(string Id, string? Name, long UserId, string CreatedAt)
{
    internal static ApiTokenReply Of(ApiTokenView token) =>
        new(token.Id.ToString("D"), token.Name, token.UserNumber, UtcText.Of(token.CreatedAt));
}

/// <summary>An open session.</summary>
/// <param name="Id">The session.</param>
/// <param name="Method" example="password"><c>password</c>, <c>email_code</c> or <c>google</c>.</param>
/// <param name="IpAddress" example="127.0.0.1">The client's address at sign-in.</param>
/// <param name="UserAgent" example="curl/8.5.0">The client's <c>User-Agent</c> at sign-in.</param>
/// <param name="CreatedAt" example="2024-01-01T00:00:00Z">When it was opened, UTC.</param>
/// <param name="ExpiresAt" example="2024-01-01T00:30:00Z">When it ends at the latest, UTC.</param>
/// <param name="IsCurrent" example="true">Whether it is the one that asks.</param>
public sealed record OpenSessionReply(
    Guid Id, string Method, string? IpAddress, string? UserAgent, string CreatedAt, string ExpiresAt, bool IsCurrent)
{
    internal static OpenSessionReply Of(SessionView session) => new(
        session.Id,
        session.Method switch
        {
            Domain.Identity.SignInMethod.Google => "google",
            Domain.Identity.SignInMethod.EmailCode => "email_code",
            _ => "password",
        },
        session.IpAddress,
        session.UserAgent,
        UtcText.Of(session.CreatedAt),
        UtcText.Of(session.ExpiresAt),
        session.IsCurrent);
}
