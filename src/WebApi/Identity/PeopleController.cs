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

/// <summary>People, for administrators (seed 004).</summary>
[ErrorShape(ErrorShape.FastApi)]
[UnauthenticatedWords(PersonController.Unauthenticated)]
public sealed class PeopleController(IMediator mediator) : ControllerBase
{
    private const string Failed = "The request could not be completed";

    /// <summary>Signs in an administrator.</summary>
    /// <param name="command">What is asked.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The session's token.</response>
    [HttpPost("/api/v1/admin/login")]
    [RouteKey("identity.sign-in-administrator")]
    [CarriesSecret]
    [UnexpectedError(Failed)]
    [ProducesResponseType<BearerReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Login([JsonBody] SignInAdministratorCommand command, CancellationToken cancellationToken) =>
        Ok(BearerReply.Of(await mediator.Send(command, cancellationToken)));

    /// <summary>Lists people, newest first.</summary>
    /// <param name="limit">People of a page, 1 to 1000; 100 by default.</param>
    /// <param name="offset">How many people to pass over; 0 by default.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The people; <c>X-Total-Count</c> says how many there are.</response>
    [HttpGet("/api/v1/admin/users")]
    [RouteKey("identity.list-people")]
    [Sends<ListPeopleQuery>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<IReadOnlyList<ProfileReply>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> List(
        [FromQuery] string? limit, [FromQuery] string? offset, CancellationToken cancellationToken)
    {
        var page = await mediator.Send(
            new ListPeopleQuery { Limit = QueryText.Integer(limit), Offset = QueryText.Integer(offset) }, cancellationToken);
        TotalCount.Set(Response, page.Total);
        return Ok(page.People.Select(ProfileReply.Of).ToList());
    }

    /// <summary>Shows a person.</summary>
    /// <param name="username">The handle, or the address.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The person.</response>
    [HttpGet("/api/v1/admin/users/{username}")]
    [RouteKey("identity.get-person")]
    [Sends<GetPersonQuery>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<ProfileReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Get([FromRoute] string username, CancellationToken cancellationToken) =>
        Ok(ProfileReply.Of(await mediator.Send(new GetPersonQuery(username), cancellationToken)));

    /// <summary>Changes a person. Fields that are absent or null stay as they are.</summary>
    /// <param name="username">The handle, or the address.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">It is changed.</response>
    [HttpPut("/api/v1/admin/users/{username}")]
    [RouteKey("identity.change-person")]
    [UnexpectedError(Failed)]
    [ProducesResponseType<MessageReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Change(
        [FromRoute] string username, [JsonBody] ChangePersonCommand command, CancellationToken cancellationToken)
    {
        await mediator.Send(command with { Username = username }, cancellationToken);
        return Ok(new MessageReply("User updated successfully"));
    }

    /// <summary>Deletes a person.</summary>
    /// <param name="username">The handle, or the address.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">It is deleted.</response>
    [HttpDelete("/api/v1/admin/users/{username}")]
    [RouteKey("identity.delete-person")]
    [Sends<DeletePersonCommand>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<MessageReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Delete([FromRoute] string username, CancellationToken cancellationToken)
    {
        await mediator.Send(new DeletePersonCommand(username), cancellationToken);
        return Ok(new MessageReply("User deleted successfully"));
    }

    /// <summary>Makes a person a new key; the one before is refused at once.</summary>
    /// <param name="username">The handle, or the address.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The new key.</response>
    [HttpPost("/api/v1/admin/users/{username}/regenerate-key")]
    [RouteKey("identity.renew-person-key")]
    [CarriesSecret]
    [Sends<RenewPersonKeyCommand>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<RenewedKeyReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> RenewKey([FromRoute] string username, CancellationToken cancellationToken)
    {
        var key = await mediator.Send(new RenewPersonKeyCommand(username), cancellationToken);
        return Ok(new RenewedKeyReply("API key regenerated successfully", key.Plain));
    }

    /// <summary>Opens the account of a member of the staff.</summary>
    /// <param name="command">What is asked.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="201">The account.</response>
    [HttpPost("/api/v1/admin/staff")]
    [RouteKey("identity.create-staff")]
    [UnexpectedError(Failed)]
    [ProducesResponseType<CreatedStaffReply>(StatusCodes.Status201Created)]
    public async Task<IActionResult> CreateStaff([JsonBody] CreateStaffCommand command, CancellationToken cancellationToken)
    {
        var staff = await mediator.Send(command, cancellationToken);
        return StatusCode(
            StatusCodes.Status201Created,
            new CreatedStaffReply(
                "Staff member created successfully", staff.Number.ToString(CultureInfo.InvariantCulture), staff.Username));
    }
}

/// <summary>A new key.</summary>
/// <param name="Message" example="API key regenerated successfully">Always the same.</param>
/// <param name="NewKey" example="pe-a-key">The key.</param>
public sealed record RenewedKeyReply(string Message, string NewKey);

/// <summary>A new member of the staff.</summary>
/// <param name="Message" example="Staff member created successfully">Always the same.</param>
/// <param name="StaffId" example="1">The account's number.</param>
/// <param name="Username" example="support1">Its handle.</param>
public sealed record CreatedStaffReply(string Message, string StaffId, string Username);
