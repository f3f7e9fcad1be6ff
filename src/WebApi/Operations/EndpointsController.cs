using AiPlatform.Application.Operations;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Operations;

/// <summary>Administers the endpoint catalogue: what calls cost and which are served (seed 000, rows S0-07 to S0-09).</summary>
[ErrorShape(ErrorShape.AiFramework)]
public sealed class EndpointsController(IMediator mediator, LocalTimeText times) : ControllerBase
{
    private static readonly string[] Affirmations = ["true", "1", "yes"];

    /// <summary>Lists the catalogue, by path.</summary>
    /// <param name="active"><c>true</c>, <c>1</c> or <c>yes</c> for rows that are served, any other text for those that are not; nothing for all.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The rows.</response>
    [HttpGet("/admin/endpoints")]
    [RouteKey("operations.list-endpoints")]
    [Sends<ListEndpointsQuery>]
    [UnexpectedError("Error retrieving endpoints")]
    [ProducesResponseType<EndpointsReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> List([FromQuery(Name = "active")] string? active, CancellationToken cancellationToken)
    {
        bool? filter = string.IsNullOrEmpty(active) ? null : Affirmations.Contains(active, StringComparer.OrdinalIgnoreCase);
        var endpoints = await mediator.Send(new ListEndpointsQuery(filter), cancellationToken);
        return Ok(new EndpointsReply([.. endpoints.Select(endpoint => EndpointReply.Of(endpoint, times))], endpoints.Count));
    }

    /// <summary>Adds a row. At the documented path of a metered route that has none, it prices that route.</summary>
    /// <param name="command">The row.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="201">The row was added.</response>
    [HttpPost("/admin/add-endpoint")]
    [RouteKey("operations.add-endpoint")]
    [UnexpectedError("Error adding endpoint")]
    [ProducesResponseType<AddedEndpointReply>(StatusCodes.Status201Created)]
    public async Task<IActionResult> Add([JsonBody] AddEndpointCommand command, CancellationToken cancellationToken) =>
        StatusCode(StatusCodes.Status201Created, AddedEndpointReply.Of(await mediator.Send(command, cancellationToken)));

    /// <summary>Changes a row. A new cost holds from now on; earlier charges stay what they were.</summary>
    /// <param name="command">The fields to change.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The row as it is now.</response>
    [HttpPut("/admin/update-endpoint")]
    [RouteKey("operations.update-endpoint")]
    [UnexpectedError("Error updating endpoint")]
    [ProducesResponseType<UpdatedEndpointReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Update([JsonBody] UpdateEndpointCommand command, CancellationToken cancellationToken)
    {
        var updated = await mediator.Send(command, cancellationToken);
        var message = updated.Changed ? "Endpoint updated successfully" : "No changes to update";
        return Ok(new UpdatedEndpointReply(message, EndpointReply.Of(updated.Endpoint, times)));
    }
}

/// <summary>A row of the endpoint catalogue.</summary>
/// <param name="Id">The row.</param>
/// <param name="EndpointName" example="GPT-4o">Display name.</param>
/// <param name="EndpointPath" example="/llm/gpt-4o">Display path.</param>
/// <param name="Description" example="Chat with GPT-4o">What the route does; may be empty.</param>
/// <param name="Active">Whether the route is served.</param>
/// <param name="Cost" example="2">Whole credits a call.</param>
/// <param name="CreatedAt" example="2025-03-05T14:00:00">Local time of creation.</param>
/// <param name="ModifiedAt" example="2025-03-05T14:00:00">Local time of the last change.</param>
public sealed record EndpointReply(
    Guid Id, string EndpointName, string EndpointPath, string Description, bool Active, int Cost, string CreatedAt, string ModifiedAt)
{
    internal static EndpointReply Of(EndpointView endpoint, LocalTimeText times) => new(
        endpoint.Id,
        endpoint.Name,
        endpoint.Path,
        endpoint.Description,
        endpoint.Active,
        endpoint.Cost,
        times.Naive(endpoint.CreatedAt),
        times.Naive(endpoint.ModifiedAt));
}

/// <summary>The endpoint catalogue.</summary>
/// <param name="Endpoints">The rows, by path.</param>
/// <param name="Count">How many there are.</param>
public sealed record EndpointsReply(IReadOnlyList<EndpointReply> Endpoints, int Count);

/// <summary>A row that was added.</summary>
/// <param name="Message" example="Endpoint added successfully">What happened.</param>
/// <param name="EndpointId">The row.</param>
/// <param name="EndpointPath" example="/llm/gpt-4o">Display path, with its leading slash.</param>
/// <param name="EndpointName" example="GPT-4o">Display name.</param>
/// <param name="Active">Whether the route is served.</param>
/// <param name="Cost" example="2">Whole credits a call.</param>
public sealed record AddedEndpointReply(string Message, Guid EndpointId, string EndpointPath, string EndpointName, bool Active, int Cost)
{
    internal static AddedEndpointReply Of(EndpointView endpoint) => new(
        "Endpoint added successfully", endpoint.Id, endpoint.Path, endpoint.Name, endpoint.Active, endpoint.Cost);
}

/// <summary>A row after a change.</summary>
/// <param name="Message" example="Endpoint updated successfully">What happened.</param>
/// <param name="Endpoint">The row.</param>
public sealed record UpdatedEndpointReply(string Message, EndpointReply Endpoint);
