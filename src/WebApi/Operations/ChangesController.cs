using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using AiPlatform.Application.Operations;
using AiPlatform.Domain.Operations;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Swashbuckle.AspNetCore.Annotations;

namespace AiPlatform.WebApi.Operations;

/// <summary>Shows what was changed of accounts, teams, keys, limits and prices.</summary>
[ErrorShape(ErrorShape.AiFramework)]
public sealed class ChangesController(IMediator mediator) : ControllerBase
{
    /// <summary>Lists changes, newest first, each with what was before it.</summary>
    /// <param name="filter">Which changes, and which page of them.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The page.</response>
    [HttpGet("/admin/changes")]
    [RouteKey("operations.list-changes")]
    [Sends<ListChangesQuery>]
    [UnexpectedError("Error retrieving changes")]
    [ProducesResponseType<ChangePageReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> List([FromQuery] ChangeFilter filter, CancellationToken cancellationToken) =>
        Ok(ChangePageReply.Of(await mediator.Send(filter.ToQuery(), cancellationToken)));
}

/// <summary>Which changes.</summary>
public sealed record ChangeFilter
{
    /// <summary>Only changes by this user.</summary>
    [FromQuery(Name = "actor_id")]
    [SwaggerSchema(Format = "uuid")]
    public string? ActorId { get; init; }

    /// <summary>Only changes of this kind of thing, for example <c>user</c>.</summary>
    [FromQuery(Name = "kind")]
    [MaxLength(AdministrativeChange.MaxKindLength)]
    public string? Kind { get; init; }

    /// <summary>Only changes of this thing.</summary>
    [FromQuery(Name = "resource_id")]
    [MaxLength(AdministrativeChange.MaxResourceIdLength)]
    public string? ResourceId { get; init; }

    /// <summary>Which page.</summary>
    [FromQuery(Name = "page")]
    [Range(1, ListChangesQuery.MaxPage)]
    [DefaultValue("1")]
    public string? Page { get; init; }

    /// <summary>Changes of a page.</summary>
    [FromQuery(Name = "per_page")]
    [Range(1, ListChangesQuery.MaxPerPage)]
    [DefaultValue("20")]
    public string? PerPage { get; init; }

    internal ListChangesQuery ToQuery() => new()
    {
        ActorId = QueryText.Uuid(ActorId),
        Kind = QueryText.Text(Kind),
        ResourceId = QueryText.Text(ResourceId),
        Page = QueryText.Integer(Page),
        PerPage = QueryText.Integer(PerPage),
    };
}

/// <summary>A page of changes.</summary>
/// <param name="Changes">The changes, newest first.</param>
/// <param name="Page" example="1">Which page this is.</param>
/// <param name="PerPage" example="20">Most changes of a page.</param>
/// <param name="HasMore" example="false">Whether older changes match.</param>
public sealed record ChangePageReply(IReadOnlyList<ChangeReply> Changes, int Page, int PerPage, bool HasMore)
{
    internal static ChangePageReply Of(ChangePage page) =>
        new([.. page.Changes.Select(ChangeReply.Of)], page.Page, page.PerPage, page.HasMore);
}

/// <summary>A change.</summary>
public sealed record ChangeReply
{
    /// <summary>The change.</summary>
    public required Guid Id { get; init; }

    /// <summary>The call that made it; <c>null</c> where the platform made it by itself.</summary>
    public required Guid? RequestId { get; init; }

    /// <summary>Who made it; <c>null</c> where the platform did, or somebody who had not signed in.</summary>
    public required Guid? ActorId { get; init; }

    /// <summary><c>create</c>, <c>update</c> or <c>delete</c>.</summary>
    /// <example>update</example>
    public required string Action { get; init; }

    /// <summary>What kind of thing was changed.</summary>
    /// <example>user</example>
    public required string Kind { get; init; }

    /// <summary>The thing.</summary>
    /// <example>01890a5d-ac96-774b-bcce-b302099a8057</example>
    public required string ResourceId { get; init; }

    /// <summary>What changed, as it was; <c>null</c> for a new thing.</summary>
    public required JsonNode? Before { get; init; }

    /// <summary>What changed, as it is; <c>null</c> for a removed thing.</summary>
    public required JsonNode? After { get; init; }

    /// <summary>The address that the change was made from.</summary>
    /// <example>127.0.0.1</example>
    public required string? IpAddress { get; init; }

    /// <summary>When, UTC.</summary>
    /// <example>2025-03-05T12:00:00.123456Z</example>
    public required string ChangedAt { get; init; }

    internal static ChangeReply Of(AdministrativeChange change) => new()
    {
        Id = change.Id,
        RequestId = change.RequestId,
        ActorId = change.ActorId,
        Action = change.Action.ToString().ToLowerInvariant(),
        Kind = change.Kind,
        ResourceId = change.ResourceId,
        Before = change.Before is null ? null : JsonNode.Parse(change.Before),
        After = change.After is null ? null : JsonNode.Parse(change.After),
        IpAddress = change.IpAddress,
        ChangedAt = UtcText.Of(change.ChangedAt),
    };
}
