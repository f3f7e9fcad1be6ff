using AiPlatform.Application.Metering;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Metering;

/// <summary>The caller's profile (seed 003).</summary>
[ErrorShape(ErrorShape.FastApi)]
[BearerWords]
public sealed class ProfileController(IMediator mediator) : ControllerBase
{
    private const string Failed = "The request could not be completed";

    /// <summary>Shows the caller's profile.</summary>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The profile, with the tokens of this month.</response>
    [HttpGet("/users/me")]
    [RouteKey("identity.get-profile")]
    [Sends<GetProfileQuery>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<OwnProfileReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Get(CancellationToken cancellationToken) =>
        Ok(OwnProfileReply.Of(await mediator.Send(new GetProfileQuery(), cancellationToken)));

    /// <summary>Changes the caller's profile.</summary>
    /// <param name="command">What changes.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The profile, with the tokens of this month.</response>
    [HttpPut("/users/me")]
    [RouteKey("identity.change-profile")]
    [UnexpectedError(Failed)]
    [ProducesResponseType<OwnProfileReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Change([JsonBody] ChangeProfileCommand command, CancellationToken cancellationToken) =>
        Ok(OwnProfileReply.Of(await mediator.Send(command, cancellationToken)));
}

/// <summary>A person's profile.</summary>
/// <param name="Id" example="01890a5d-ac96-774b-bcce-b302099a8057">The account.</param>
/// <param name="Email" example="user@example.com">The address.</param>
/// <param name="Username" example="ada_l">The name to sign in by besides the address, or else what stands before the @ of the address.</param>
/// <param name="FullName" example="Ada Lovelace">The full name.</param>
/// <param name="Bio" example="Writes programs.">About the person.</param>
/// <param name="Website" example="https://example.com">The person's site.</param>
/// <param name="ProfileImage" example="https://example.com/ada.png">A picture of the person.</param>
/// <param name="Role" example="user"><c>user</c> or <c>admin</c>.</param>
/// <param name="IsActive" example="true">Whether the account's credentials are accepted.</param>
/// <param name="Subscription" example="free">The plan.</param>
/// <param name="TokensRemaining" example="10000">Tokens left this month.</param>
/// <param name="TokensUsed" example="0">Tokens consumed this month.</param>
/// <param name="CreatedAt" example="2024-01-01T00:00:00Z">When the account was opened, UTC.</param>
/// <param name="LastLoginAt">When the person last signed in, UTC; <c>null</c> where they never did.</param>
public sealed record OwnProfileReply(
    string Id,
    string Email,
    string Username,
    string? FullName,
    string? Bio,
    string? Website,
    string? ProfileImage,
    string Role,
    bool IsActive,
    string Subscription,
    long TokensRemaining,
    long TokensUsed,
    string CreatedAt,
    string? LastLoginAt)
{
    internal static OwnProfileReply Of(ProfileView view) => new(
        view.Profile.UserId.ToString("D"),
        view.Profile.Email,
        view.Profile.Username,
        view.Profile.FullName,
        view.Profile.Bio,
        view.Profile.Website,
        view.Profile.ProfileImage,
        view.Profile.IsAdministrator ? "admin" : "user",
        view.Profile.Active,
        view.Tokens.Plan,
        view.Tokens.Remaining,
        view.Tokens.Used,
        UtcText.Of(view.Profile.CreatedAt),
        view.Profile.LastSignInAt is { } at ? UtcText.Of(at) : null);
}
