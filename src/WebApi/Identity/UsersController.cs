using AiPlatform.Application.Identity;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Identity;

/// <summary>Administers accounts (seed 000, rows S0-04 to S0-06 and S0-X3).</summary>
[ErrorShape(ErrorShape.AiFramework)]
public sealed class UsersController(IMediator mediator, LocalTimeText times) : ControllerBase
{
    /// <summary>Opens an account and makes its API key.</summary>
    /// <param name="command">The account.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="201">The account; its key is shown only now.</response>
    [HttpPost("/admin/create-user")]
    [RouteKey("identity.create-user")]
    [CarriesSecret]
    [UnexpectedError("Error creating user")]
    [ProducesResponseType<CreatedUserReply>(StatusCodes.Status201Created)]
    public async Task<IActionResult> Create([JsonBody] CreateUserCommand command, CancellationToken cancellationToken)
    {
        var created = await mediator.Send(command, cancellationToken);
        return StatusCode(
            StatusCodes.Status201Created, new CreatedUserReply("User created successfully", created.UserId, created.ApiKey));
    }

    /// <summary>Changes an account. Fields that are absent or null stay as they are.</summary>
    /// <param name="command">The account and what changes.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">What was changed.</response>
    [HttpPost("/admin/update-user")]
    [RouteKey("identity.update-user")]
    [UnexpectedError("Error updating user")]
    [ProducesResponseType<UpdatedUserReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Update([JsonBody] UpdateUserCommand command, CancellationToken cancellationToken)
    {
        var updated = await mediator.Send(command, cancellationToken);
        var message = updated.UpdatedFields.Count > 0 ? "User updated successfully" : "No fields to update";
        return Ok(new UpdatedUserReply(message, updated.UserId, updated.UpdatedFields));
    }

    /// <summary>Deletes an account that holds no usable token. Its ledger and audit records stay.</summary>
    /// <param name="command">The account.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The account is gone.</response>
    [HttpPost("/admin/delete-user")]
    [RouteKey("identity.delete-user")]
    [ErrorWords("api_key_missing", "Missing API Key header (X-API-Key)")]
    [UnexpectedError("Error deleting user")]
    [ProducesResponseType<DeletedUserReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Delete([JsonBody] DeleteUserCommand command, CancellationToken cancellationToken)
    {
        var deleted = await mediator.Send(command, cancellationToken);
        return Ok(new DeletedUserReply("User deleted successfully", deleted.UserId));
    }

    /// <summary>Lists accounts, oldest first.</summary>
    /// <param name="page">Number of the page, from 1; 1 by default.</param>
    /// <param name="perPage">Accounts a page, 1 to 100; 20 by default.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">A page of accounts.</response>
    [HttpGet("/admin/users")]
    [RouteKey("identity.list-users")]
    [Sends<ListUsersQuery>]
    [UnexpectedError("Error retrieving users")]
    [ProducesResponseType<UserListReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> List(
        [FromQuery] string? page, [FromQuery(Name = "per_page")] string? perPage, CancellationToken cancellationToken)
    {
        var query = new ListUsersQuery { Page = QueryText.Integer(page), PerPage = QueryText.Integer(perPage) };
        var list = await mediator.Send(query, cancellationToken);
        return Ok(new UserListReply([.. list.Users.Select(user => UserReply.Of(user, times))], list.Count));
    }
}

/// <summary>A new account.</summary>
/// <param name="Message" example="User created successfully">What happened.</param>
/// <param name="UserId">The account.</param>
/// <param name="ApiKey" example="6f9619ff-8b86-4011-b42d-00c04fc964ff">Its key, shown only now; send it as <c>API-Key</c>.</param>
public sealed record CreatedUserReply(string Message, Guid UserId, string ApiKey);

/// <summary>A changed account.</summary>
/// <param name="Message">What happened.</param>
/// <param name="UserId">The account.</param>
/// <param name="UpdatedFields">The fields that were set.</param>
public sealed record UpdatedUserReply(string Message, Guid UserId, IReadOnlyList<string> UpdatedFields);

/// <summary>A deleted account.</summary>
/// <param name="Message">What happened.</param>
/// <param name="UserId">The account.</param>
public sealed record DeletedUserReply(string Message, Guid UserId);

/// <summary>A page of accounts.</summary>
/// <param name="Users">The accounts of the page.</param>
/// <param name="Count">How many accounts there are on all pages together.</param>
public sealed record UserListReply(IReadOnlyList<UserReply> Users, int Count);

/// <summary>An account; its key is never shown again.</summary>
public sealed record UserReply
{
    /// <summary>The account.</summary>
    public required Guid Id { get; init; }

    /// <summary>Name as shown.</summary>
    public required string UserName { get; init; }

    /// <summary>Address.</summary>
    public required string UserEmail { get; init; }

    /// <summary>Everyday name.</summary>
    public required string? CommonName { get; init; }

    /// <summary>Tier, 0 to 5.</summary>
    public required int Scope { get; init; }

    /// <summary>Whether its credentials are accepted.</summary>
    public required bool Active { get; init; }

    /// <summary>When it was opened, for example <c>2025-03-05T14:00:00</c>.</summary>
    public required string CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required string ModifiedAt { get; init; }

    /// <summary>An administrator's note.</summary>
    public required string? Comment { get; init; }

    internal static UserReply Of(UserSummary user, LocalTimeText times) => new()
    {
        Id = user.Id,
        UserName = user.UserName,
        UserEmail = user.Email,
        CommonName = user.CommonName,
        Scope = user.Tier,
        Active = user.Active,
        CreatedAt = times.Naive(user.CreatedAt),
        ModifiedAt = times.Naive(user.ModifiedAt),
        Comment = user.Comment,
    };
}
