using AiPlatform.Application.Identity;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Identity;

/// <summary>Going on with a session, and where else one can sign in (seed 003).</summary>
[ErrorShape(ErrorShape.FastApi)]
public sealed class RefreshController(IMediator mediator) : ControllerBase
{
    private const string Failed = "The request could not be completed";

    /// <summary>Exchanges a refresh token for a new pair of tokens; presented twice, it ends the session.</summary>
    /// <param name="command">The refresh token.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The new tokens.</response>
    [HttpPost("/auth/refresh")]
    [RouteKey("identity.refresh-session")]
    [CarriesSecret]
    [UnexpectedError(Failed)]
    [ProducesResponseType<SessionReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Refresh([JsonBody] RefreshSessionCommand command, CancellationToken cancellationToken) =>
        Ok(SessionReply.Of(await mediator.Send(command, cancellationToken)));

    /// <summary>Lists where else one can sign in.</summary>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The identity providers that are configured; none is usual.</response>
    [HttpGet("/auth/providers")]
    [RouteKey("identity.list-sign-in-providers")]
    [Sends<ListSignInProvidersQuery>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<SignInProvidersReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Providers(CancellationToken cancellationToken) => Ok(new SignInProvidersReply(
        [.. (await mediator.Send(new ListSignInProvidersQuery(), cancellationToken)).Select(SignInProviderReply.Of)]));
}

/// <summary>Where else one can sign in.</summary>
/// <param name="Providers">The identity providers that are configured.</param>
public sealed record SignInProvidersReply(IReadOnlyList<SignInProviderReply> Providers);

/// <summary>Somewhere to sign in.</summary>
/// <param name="Name" example="google">Its name.</param>
/// <param name="DisplayName" example="Google">Its name as shown.</param>
/// <param name="AuthorizationUrl" example="http://localhost:8080/auth/google/login">Where a browser goes to.</param>
public sealed record SignInProviderReply(string Name, string DisplayName, string AuthorizationUrl)
{
    internal static SignInProviderReply Of(SignInProvider provider) => new(provider.Name, provider.DisplayName, provider.AuthorizationUrl);
}
