using AiPlatform.Application.Identity;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Identity;

/// <summary>People, for the staff: who is new looks, support changes, advanced deletes as well (seed 004).</summary>
[ErrorShape(ErrorShape.FastApi)]
[UnauthenticatedWords(PersonController.Unauthenticated)]
public sealed class StaffController(IMediator mediator) : ControllerBase
{
    private const string Failed = "The request could not be completed";

    /// <summary>Signs in a member of the staff.</summary>
    /// <param name="command">What is asked.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The session's token, and the level.</response>
    [HttpPost("/api/v1/staff/login")]
    [RouteKey("identity.sign-in-staff")]
    [CarriesSecret]
    [UnexpectedError(Failed)]
    [ProducesResponseType<StaffSessionReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Login([JsonBody] SignInStaffCommand command, CancellationToken cancellationToken)
    {
        var staff = await mediator.Send(command, cancellationToken);
        return Ok(new StaffSessionReply(staff.Session.AccessToken, "bearer", StaffLevels.Of(staff.Level)));
    }

    /// <summary>Shows the caller's own account.</summary>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The account.</response>
    [HttpGet("/api/v1/staff/profile")]
    [RouteKey("identity.get-staff-profile")]
    [Sends<GetStaffProfileQuery>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<StaffReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> GetProfile(CancellationToken cancellationToken) =>
        Ok(StaffReply.Of(await mediator.Send(new GetStaffProfileQuery(), cancellationToken)));

    /// <summary>Lists people, newest first.</summary>
    /// <param name="limit">People of a page, 1 to 1000; 100 by default.</param>
    /// <param name="offset">How many people to pass over; 0 by default.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The people; <c>X-Total-Count</c> says how many there are.</response>
    [HttpGet("/api/v1/staff/users")]
    [RouteKey("identity.list-people-as-staff")]
    [Sends<ListPeopleAsStaffQuery>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<IReadOnlyList<ProfileReply>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> List(
        [FromQuery] string? limit, [FromQuery] string? offset, CancellationToken cancellationToken)
    {
        var page = await mediator.Send(
            new ListPeopleAsStaffQuery { Limit = QueryText.Integer(limit), Offset = QueryText.Integer(offset) }, cancellationToken);
        TotalCount.Set(Response, page.Total);
        return Ok(page.People.Select(ProfileReply.Of).ToList());
    }

    /// <summary>Changes a person's address, password, plan or limits.</summary>
    /// <param name="username">The handle, or the address.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">It is changed.</response>
    [HttpPut("/api/v1/staff/users/{username}")]
    [RouteKey("identity.change-person-as-staff")]
    [UnexpectedError(Failed)]
    [ProducesResponseType<MessageReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Change(
        [FromRoute] string username, [JsonBody] ChangePersonAsStaffCommand command, CancellationToken cancellationToken)
    {
        await mediator.Send(command with { Username = username }, cancellationToken);
        return Ok(new MessageReply("User updated successfully"));
    }

    /// <summary>Deletes a person.</summary>
    /// <param name="username">The handle, or the address.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">It is deleted.</response>
    [HttpDelete("/api/v1/staff/users/{username}")]
    [RouteKey("identity.delete-person-as-staff")]
    [Sends<DeletePersonAsStaffCommand>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<MessageReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Delete([FromRoute] string username, CancellationToken cancellationToken)
    {
        await mediator.Send(new DeletePersonAsStaffCommand(username), cancellationToken);
        return Ok(new MessageReply("User deleted successfully"));
    }
}

/// <summary>A session of a member of the staff.</summary>
/// <param name="AccessToken" example="a-session-token">Send it as <c>Authorization: Bearer</c>.</param>
/// <param name="TokenType" example="bearer">Always <c>bearer</c>.</param>
/// <param name="StaffLevel" example="support"><c>new</c>, <c>support</c> or <c>advanced</c>.</param>
public sealed record StaffSessionReply(string AccessToken, string TokenType, string StaffLevel);

/// <summary>A member of the staff.</summary>
/// <param name="Id" example="1">The account's number.</param>
/// <param name="Name" example="Support User">Name as shown.</param>
/// <param name="Username" example="support1">The handle.</param>
/// <param name="Email" example="support@example.com">The address.</param>
/// <param name="StaffLevel" example="support"><c>new</c>, <c>support</c> or <c>advanced</c>; none for an administrator.</param>
/// <param name="TimeCreated" example="2024-01-01T12:00:00Z">When the account was opened, UTC.</param>
/// <param name="IsActive" example="true">Whether its credentials are accepted.</param>
public sealed record StaffReply(
    long Id, string Name, string Username, string Email, string? StaffLevel, string TimeCreated, bool IsActive)
{
    internal static StaffReply Of(StaffView staff) => new(
        staff.Number,
        staff.Name,
        staff.Username,
        staff.Email,
        staff.Level is { } level ? StaffLevels.Of(level) : null,
        UtcText.ToTheSecond(staff.CreatedAt),
        staff.Active);
}
