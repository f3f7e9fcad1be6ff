using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity;
using AiPlatform.Domain.Identity;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Identity;

/// <summary>Accounts, by their numbers (seed 002).</summary>
[ErrorShape(ErrorShape.Detail)]
[BearerWords]
public sealed class AccountsController(IMediator mediator) : ControllerBase
{
    private const string Failed = "The request could not be completed";

    /// <summary>Finds accounts by their addresses.</summary>
    /// <param name="filter">Which accounts, and in which order.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The accounts, at most 100 a page; <c>X-Total-Count</c> says how many there are.</response>
    [HttpGet("/users/search")]
    [RouteKey("identity.search-accounts")]
    [Sends<SearchAccountsQuery>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<IReadOnlyList<PersonReply>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Search([FromQuery] AccountFilter filter, CancellationToken cancellationToken)
    {
        var found = await mediator.Send(filter.ToQuery(), cancellationToken);
        TotalCount.Set(Response, found.Total);
        return Ok(found.Accounts.Select(PersonReply.Of).ToList());
    }

    /// <summary>Opens an account for somebody else.</summary>
    /// <param name="command">The account.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="201">The account.</response>
    [HttpPost("/users")]
    [RouteKey("identity.add-member")]
    [UnexpectedError(Failed)]
    [ProducesResponseType<PersonReply>(StatusCodes.Status201Created)]
    public async Task<IActionResult> Add([JsonBody] AddMemberCommand command, CancellationToken cancellationToken) =>
        StatusCode(StatusCodes.Status201Created, PersonReply.Of(await mediator.Send(command, cancellationToken)));

    /// <summary>Shows an account.</summary>
    /// <param name="userId">The account's number.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The account.</response>
    [HttpGet("/users/{user_id}")]
    [RouteKey("identity.get-account")]
    [Sends<GetAccountQuery>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<PersonReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Get([FromRoute(Name = "user_id")] string userId, CancellationToken cancellationToken) =>
        Ok(PersonReply.Of(await mediator.Send(new GetAccountQuery(QueryText.Integer(userId)), cancellationToken)));

    /// <summary>Changes an account's address, role or team.</summary>
    /// <param name="userId">The account's number.</param>
    /// <param name="command">What changes.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The account.</response>
    [HttpPut("/users/{user_id}")]
    [RouteKey("identity.change-member")]
    [UnexpectedError(Failed)]
    [ProducesResponseType<PersonReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Change(
        [FromRoute(Name = "user_id")] string userId, [JsonBody] ChangeMemberCommand command, CancellationToken cancellationToken) =>
        Ok(PersonReply.Of(await mediator.Send(command with { UserId = QueryText.Integer(userId) }, cancellationToken)));

    /// <summary>Deletes an account with all its credentials.</summary>
    /// <param name="userId">The account's number.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The account is gone.</response>
    [HttpDelete("/users/{user_id}")]
    [RouteKey("identity.remove-account")]
    [Sends<RemoveAccountCommand>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<MessageReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Delete([FromRoute(Name = "user_id")] string userId, CancellationToken cancellationToken)
    {
        await mediator.Send(new RemoveAccountCommand(QueryText.Integer(userId)), cancellationToken);
        return Ok(new MessageReply("User deleted successfully"));
    }
}

/// <summary>Which accounts.</summary>
public sealed record AccountFilter
{
    /// <summary>Only accounts whose address contains this text, in either case.</summary>
    [FromQuery(Name = "email")]
    [MaxLength(User.MaxEmailLength)]
    public string? Email { get; init; }

    /// <summary>Which page.</summary>
    [FromQuery(Name = "page")]
    [DefaultValue("1")]
    public string? Page { get; init; }

    /// <summary>Accounts of a page.</summary>
    [FromQuery(Name = "per_page")]
    [Range(1, 100)]
    [DefaultValue("100")]
    public string? PerPage { get; init; }

    /// <summary><c>email</c>, <c>id</c> or <c>created_at</c>.</summary>
    [FromQuery(Name = "sort_by")]
    [DefaultValue("email")]
    public string? SortBy { get; init; }

    /// <summary><c>asc</c> or <c>desc</c>.</summary>
    [FromQuery(Name = "sort_order")]
    [DefaultValue("asc")]
    public string? SortOrder { get; init; }

    internal SearchAccountsQuery ToQuery() => new()
    {
        Email = QueryText.Text(Email),
        Page = QueryText.Integer(Page),
        PerPage = QueryText.Integer(PerPage),
        SortBy = QueryText.Text(SortBy),
        SortOrder = QueryText.Text(SortOrder),
    };
}
