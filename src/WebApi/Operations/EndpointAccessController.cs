using AiPlatform.Application.Operations;
using AiPlatform.Domain.Operations;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Operations;

/// <summary>Administers which metered endpoints users may call.</summary>
[ErrorShape(ErrorShape.AiFramework)]
public sealed class EndpointAccessController(IMediator mediator) : ControllerBase
{
    /// <summary>Lists which metered endpoints users may call. To who is not listed every endpoint is open.</summary>
    /// <param name="userId">Only the list of this user.</param>
    /// <param name="page">Which page; 1 by default.</param>
    /// <param name="perPage">Lists of a page, 1 to 100; 20 by default.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The page.</response>
    [HttpGet("/admin/endpoint-access")]
    [RouteKey("operations.list-endpoint-access")]
    [Sends<ListEndpointAccessQuery>]
    [UnexpectedError("Error retrieving endpoint access")]
    [ProducesResponseType<EndpointAccessPageReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> List(
        [FromQuery(Name = "user_id")] string? userId,
        [FromQuery(Name = "page")] string? page,
        [FromQuery(Name = "per_page")] string? perPage,
        CancellationToken cancellationToken)
    {
        var query = new ListEndpointAccessQuery
        {
            UserId = QueryText.Uuid(userId),
            Page = QueryText.Integer(page),
            PerPage = QueryText.Integer(perPage),
        };
        return Ok(EndpointAccessPageReply.Of(await mediator.Send(query, cancellationToken)));
    }

    /// <summary>Sets which metered endpoints a user may call.</summary>
    /// <param name="command">Whose list, and the endpoints.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The list.</response>
    [HttpPut("/admin/endpoint-access")]
    [RouteKey("operations.set-endpoint-access")]
    [UnexpectedError("Error setting endpoint access")]
    [ProducesResponseType<EndpointAccessReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Set([JsonBody] SetEndpointAccessCommand command, CancellationToken cancellationToken) =>
        Ok(EndpointAccessReply.Of(await mediator.Send(command, cancellationToken)));

    /// <summary>Removes a user's list: every metered endpoint is open to them again.</summary>
    /// <param name="command">Whose list.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The list that is gone.</response>
    [HttpDelete("/admin/endpoint-access")]
    [RouteKey("operations.remove-endpoint-access")]
    [UnexpectedError("Error removing endpoint access")]
    [ProducesResponseType<EndpointAccessReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Remove([JsonBody] RemoveEndpointAccessCommand command, CancellationToken cancellationToken) =>
        Ok(EndpointAccessReply.Of(await mediator.Send(command, cancellationToken)));
}

/// <summary>The endpoints that a user may call.</summary>
/// <param name="UserId">The account.</param>
/// <param name="Mode" example="deny"><c>allow</c>: no endpoint but these; <c>deny</c>: every endpoint but these.</param>
/// <param name="EndpointIds">Rows of the endpoint catalogue.</param>
/// <param name="ActorId">The administrator who set the list.</param>
/// <param name="ModifiedAt" example="2025-03-05T12:00:00.000000Z">When it last changed, UTC.</param>
public sealed record EndpointAccessReply(Guid UserId, string Mode, IReadOnlyList<Guid> EndpointIds, Guid ActorId, string ModifiedAt)
{
    internal static EndpointAccessReply Of(EndpointAccessList list) => new(
        list.UserId,
        list.Mode is EndpointAccessMode.Allow ? "allow" : "deny",
        list.Endpoints,
        list.ActorId,
        UtcText.Of(list.ModifiedAt));
}

/// <summary>A page of lists.</summary>
/// <param name="Lists">The lists, by user.</param>
/// <param name="Page" example="1">Which page this is.</param>
/// <param name="PerPage" example="20">Most lists of a page.</param>
/// <param name="HasMore" example="false">Whether later lists match.</param>
public sealed record EndpointAccessPageReply(IReadOnlyList<EndpointAccessReply> Lists, int Page, int PerPage, bool HasMore)
{
    internal static EndpointAccessPageReply Of(EndpointAccessPage page) =>
        new([.. page.Lists.Select(EndpointAccessReply.Of)], page.Page, page.PerPage, page.HasMore);
}
