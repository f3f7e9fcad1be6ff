using System.Text.Json;
using AiPlatform.Application.Identity;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Identity;

/// <summary>Signing in with Google, and the session that it gives (seed 001).</summary>
[ErrorShape(ErrorShape.FastApi)]
public sealed class GoogleController(IMediator mediator) : ControllerBase
{
    private const string Failed = "An error occurred";

    /// <summary>Sends a browser to Google to sign in there.</summary>
    /// <remarks>
    /// The browser keeps a cookie for ten minutes, without which it cannot come back. With <c>Accept: application/json</c> the answer
    /// is the address, for a page that goes there itself.
    /// </remarks>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">Where to go to.</response>
    /// <response code="302">The way to Google.</response>
    [HttpGet("/login/google")]
    [RouteKey("identity.start-google-sign-in")]
    [Sends<StartGoogleSignInQuery>]
    [CarriesSecret]
    [UnexpectedError(Failed)]
    [ProducesResponseType<GoogleAddressReply>(StatusCodes.Status200OK)]
    [ProducesResponseType(StatusCodes.Status302Found)]
    public async Task<IActionResult> Start(CancellationToken cancellationToken)
    {
        var asksForAddress = Request.GetTypedHeaders().Accept.Any(type => type.MediaType == "application/json");
        HttpContext.Features.Set(new ChosenStatus(asksForAddress ? StatusCodes.Status200OK : StatusCodes.Status302Found));
        var departure = await mediator.Send(new StartGoogleSignInQuery(), cancellationToken);
        GoogleCookie.Set(Response, departure);
        return asksForAddress ? Ok(new GoogleAddressReply(departure.Address.AbsoluteUri)) : Redirect(departure.Address.AbsoluteUri);
    }

    /// <summary>Signs in whoever comes back from Google; a new person has an account and a wallet then.</summary>
    /// <param name="code">The authorization code.</param>
    /// <param name="state">The state that Google was given.</param>
    /// <param name="error">Why there is no code, where there is none.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The person, and the session's token; the cookie <c>access_token</c> is set.</response>
    [HttpGet("/auth/google")]
    [RouteKey("identity.sign-in-with-google")]
    [Sends<SignInWithGoogleCommand>]
    [CarriesSecret]
    [UnexpectedError(Failed)]
    [ProducesResponseType<GoogleSessionReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Finish(
        [FromQuery] string? code, [FromQuery] string? state, [FromQuery] string? error, CancellationToken cancellationToken)
    {
        var command = new SignInWithGoogleCommand(QueryText.Text(code), QueryText.Text(state), error, GoogleCookie.Read(Request));
        var signedIn = await mediator.Send(command, cancellationToken);
        GoogleCookie.Clear(Response);
        SessionCookie.Set(Response, signedIn.Session.AccessToken, signedIn.Session.LifetimeSeconds);
        return Ok(GoogleSessionReply.Of(signedIn));
    }

    /// <summary>Tells what the session token that is presented says.</summary>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">Its claims (RFC 7519).</response>
    [HttpGet("/token")]
    [HttpPost("/token")]
    [RouteKey("identity.get-session-claims")]
    [Sends<GetSessionClaimsQuery>]
    [ErrorWords("credential_missing", "Not authenticated")]
    [UnauthenticatedWords("Invalid token")]
    [UnexpectedError(Failed)]
    [ProducesResponseType<JsonElement>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Claims(CancellationToken cancellationToken) =>
        Ok(await mediator.Send(new GetSessionClaimsQuery(), cancellationToken));
}

/// <summary>Where to sign in.</summary>
/// <param name="Url" example="https://accounts.google.com/o/oauth2/v2/auth?response_type=code">Google's address for this sign-in.</param>
public sealed record GoogleAddressReply(string Url);

/// <summary>A session of somebody who signed in at Google.</summary>
/// <param name="Message" example="Login successful">What happened.</param>
/// <param name="User">The person as Google knows them.</param>
/// <param name="AccessToken" example="eyJhbGciOiJIUzI1NiJ9.e30.signature">The session token.</param>
/// <param name="TokenType" example="bearer">How it is sent.</param>
public sealed record GoogleSessionReply(string Message, GoogleUserReply User, string AccessToken, string TokenType)
{
    internal static GoogleSessionReply Of(GoogleSession signedIn) =>
        new("Login successful", GoogleUserReply.Of(signedIn.Person), signedIn.Session.AccessToken, "bearer");
}

/// <summary>A person as Google knows them.</summary>
/// <param name="Id" example="110169484474386276334">Google's id of the person.</param>
/// <param name="Email" example="user@example.com">The address.</param>
/// <param name="VerifiedEmail" example="true">Whether Google has seen that the address is the person's own.</param>
/// <param name="Name" example="Ada Lovelace">The name as shown.</param>
/// <param name="GivenName" example="Ada">The first name.</param>
/// <param name="FamilyName" example="Lovelace">The last name.</param>
/// <param name="Picture" example="https://lh3.googleusercontent.com/a/picture">Where a picture is.</param>
public sealed record GoogleUserReply(
    string Id, string Email, bool VerifiedEmail, string? Name, string? GivenName, string? FamilyName, string? Picture)
{
    internal static GoogleUserReply Of(GooglePerson person) => new(
        person.Subject, person.Email, person.EmailVerified, person.Name, person.GivenName, person.FamilyName, person.Picture);
}
