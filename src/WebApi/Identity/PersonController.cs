using System.Globalization;
using AiPlatform.Application.Identity;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Identity;

/// <summary>A person's own account and key (seed 004).</summary>
[ErrorShape(ErrorShape.FastApi)]
[UnauthenticatedWords(Unauthenticated)]
public sealed class PersonController(IMediator mediator) : ControllerBase
{
    internal const string Unauthenticated = "Invalid authentication credentials";
    private const string Failed = "The request could not be completed";

    /// <summary>Opens an account.</summary>
    /// <param name="command">What is asked.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="201">The account; its key is shown too.</response>
    [HttpPost("/api/v1/auth/register")]
    [RouteKey("identity.register-person")]
    [CarriesSecret]
    [UnexpectedError(Failed)]
    [ProducesResponseType<RegisteredPersonReply>(StatusCodes.Status201Created)]
    public async Task<IActionResult> Register([JsonBody] RegisterPersonCommand command, CancellationToken cancellationToken)
    {
        var person = await mediator.Send(command, cancellationToken);
        return StatusCode(
            StatusCodes.Status201Created,
            new RegisteredPersonReply(
                "User registered successfully", person.Number.ToString(CultureInfo.InvariantCulture), person.Username, person.ApiKey));
    }

    /// <summary>Signs in.</summary>
    /// <param name="command">What is asked.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The session's token.</response>
    [HttpPost("/api/v1/auth/login")]
    [RouteKey("identity.sign-in-person")]
    [CarriesSecret]
    [UnexpectedError(Failed)]
    [ProducesResponseType<BearerReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Login([JsonBody] SignInPersonCommand command, CancellationToken cancellationToken) =>
        Ok(BearerReply.Of(await mediator.Send(command, cancellationToken)));

    /// <summary>Shows the caller's profile.</summary>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The profile.</response>
    [HttpGet("/api/v1/auth/profile")]
    [RouteKey("identity.get-own-profile")]
    [Sends<GetOwnProfileQuery>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<ProfileReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> GetProfile(CancellationToken cancellationToken) =>
        Ok(ProfileReply.Of(await mediator.Send(new GetOwnProfileQuery(), cancellationToken)));

    /// <summary>Changes the caller's name, and what they say of themselves.</summary>
    /// <param name="command">What is asked.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">It is changed.</response>
    [HttpPut("/api/v1/auth/profile")]
    [RouteKey("identity.change-own-profile")]
    [UnexpectedError(Failed)]
    [ProducesResponseType<MessageReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> ChangeProfile([JsonBody] ChangeOwnProfileCommand command, CancellationToken cancellationToken)
    {
        await mediator.Send(command, cancellationToken);
        return Ok(new MessageReply("Profile updated successfully"));
    }

    /// <summary>Changes the caller's password and ends all other sessions.</summary>
    /// <param name="command">What is asked.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">It is changed.</response>
    [HttpPut("/api/v1/auth/password")]
    [RouteKey("identity.change-own-password")]
    [UnexpectedError(Failed)]
    [ProducesResponseType<MessageReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> ChangePassword([JsonBody] ChangeOwnPasswordCommand command, CancellationToken cancellationToken)
    {
        await mediator.Send(command, cancellationToken);
        return Ok(new MessageReply("Password updated successfully"));
    }

    /// <summary>Deletes the caller's account.</summary>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">It is deleted.</response>
    [HttpDelete("/api/v1/auth/account")]
    [RouteKey("identity.close-own-account")]
    [Sends<CloseOwnAccountCommand>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<MessageReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Close(CancellationToken cancellationToken)
    {
        await mediator.Send(new CloseOwnAccountCommand(), cancellationToken);
        return Ok(new MessageReply("Account deleted successfully"));
    }

    /// <summary>Shows the caller's key, encrypted and plain.</summary>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The key.</response>
    [HttpGet("/api/v1/auth/api-key")]
    [RouteKey("identity.get-own-key")]
    [CarriesSecret]
    [Sends<GetOwnKeyQuery>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<PersonKeyReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> GetKey(CancellationToken cancellationToken) =>
        Ok(PersonKeyReply.Of(await mediator.Send(new GetOwnKeyQuery(), cancellationToken)));

    /// <summary>Makes the caller a new key; the one before is refused at once.</summary>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The new key.</response>
    [HttpPost("/api/v1/auth/regenerate-key")]
    [RouteKey("identity.renew-own-key")]
    [CarriesSecret]
    [Sends<RenewOwnKeyCommand>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<PersonKeyReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> RenewKey(CancellationToken cancellationToken) =>
        Ok(PersonKeyReply.Of(await mediator.Send(new RenewOwnKeyCommand(), cancellationToken)));
}

/// <summary>A new account.</summary>
/// <param name="Message" example="User registered successfully">Always the same.</param>
/// <param name="UserId" example="1">The account's number.</param>
/// <param name="Username" example="johndoe">Its handle.</param>
/// <param name="ApiKey" example="pe-a-key">Its key; send it as <c>Authorization: Bearer</c>.</param>
public sealed record RegisteredPersonReply(string Message, string UserId, string Username, string ApiKey);

/// <summary>A session.</summary>
/// <param name="AccessToken" example="a-session-token">Send it as <c>Authorization: Bearer</c>.</param>
/// <param name="TokenType" example="bearer">Always <c>bearer</c>.</param>
public sealed record BearerReply(string AccessToken, string TokenType)
{
    internal static BearerReply Of(OpenedSession session) => new(session.AccessToken, "bearer");
}

/// <summary>A key.</summary>
/// <param name="Key" example="gAAAAA-a-fernet-token">The key as a Fernet token under the operator's key.</param>
/// <param name="CreatedAt" example="2024-01-01T12:00:00Z">When it was made, UTC.</param>
/// <param name="ApiKey" example="pe-a-key">The key itself; send it as <c>Authorization: Bearer</c>.</param>
public sealed record PersonKeyReply(string Key, string CreatedAt, string ApiKey)
{
    internal static PersonKeyReply Of(PersonKey key) => new(key.Ciphertext, UtcText.ToTheSecond(key.CreatedAt), key.Plain);
}

/// <summary>A person.</summary>
public sealed record ProfileReply
{
    /// <summary>The handle; the address where there is none.</summary>
    /// <example>johndoe</example>
    public required string Username { get; init; }

    /// <summary>Name as shown.</summary>
    /// <example>John Doe</example>
    public required string Name { get; init; }

    /// <summary>The address.</summary>
    /// <example>john@example.com</example>
    public required string Email { get; init; }

    /// <summary>About the person.</summary>
    public required string AboutMe { get; init; }

    /// <summary>Hobbies.</summary>
    public required string Hobbies { get; init; }

    /// <summary><c>Personal</c> or <c>Business</c>.</summary>
    /// <example>Personal</example>
    public required string Type { get; init; }

    /// <summary>When the account was opened, UTC.</summary>
    /// <example>2024-01-01T12:00:00Z</example>
    public required string TimeCreated { get; init; }

    /// <summary>A label of the plan.</summary>
    /// <example>free</example>
    public required string SubscriptionPlan { get; init; }

    /// <summary>Credits, which nothing spends.</summary>
    public required CreditsReply Credits { get; init; }

    /// <summary>Conversations.</summary>
    public required LimitsReply Limits { get; init; }

    /// <summary>Labels of access.</summary>
    public required IReadOnlyList<string> AccessRtype { get; init; }

    /// <summary>A label of the level.</summary>
    /// <example>basic</example>
    public required string Level { get; init; }

    /// <summary>Notes of administrators; empty for members of the staff who are new.</summary>
    public required string AdditionalNotes { get; init; }

    internal static ProfileReply Of(PersonView person) => new()
    {
        Username = person.Username,
        Name = person.Name,
        Email = person.Email,
        AboutMe = person.Profile.About,
        Hobbies = person.Profile.Hobbies,
        Type = person.Profile.Type,
        TimeCreated = UtcText.ToTheSecond(person.CreatedAt),
        SubscriptionPlan = person.Profile.Plan,
        Credits = new CreditsReply(person.Profile.Credits, person.Profile.CreditsReset),
        Limits = new LimitsReply(person.ConversationsLeft, person.Profile.ConversationsADay),
        AccessRtype = person.Profile.AccessTypes.Split(',', StringSplitOptions.RemoveEmptyEntries),
        Level = person.Profile.Level,
        AdditionalNotes = person.Notes,
    };
}

/// <summary>Credits, which nothing spends.</summary>
/// <param name="Main" example="5">What there are now.</param>
/// <param name="Reset" example="5">What each day starts with.</param>
public sealed record CreditsReply(int Main, int Reset);

/// <summary>Conversations.</summary>
/// <param name="ConversationLimit" example="10">What is left today.</param>
/// <param name="Reset" example="10">What each day starts with.</param>
public sealed record LimitsReply(long ConversationLimit, int Reset);
