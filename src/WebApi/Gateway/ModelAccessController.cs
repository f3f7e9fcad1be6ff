using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Gateway;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Swashbuckle.AspNetCore.Annotations;

namespace AiPlatform.WebApi.Gateway;

/// <summary>Administers which models users and API keys may ask.</summary>
[ErrorShape(ErrorShape.AiFramework)]
public sealed class ModelAccessController(IMediator mediator) : ControllerBase
{
    /// <summary>Lists which models users and API keys may ask, oldest list first. Who is not listed may ask every model.</summary>
    /// <param name="filter">Which lists, and which page of them.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The page.</response>
    [HttpGet("/admin/model-access")]
    [RouteKey("gateway.list-model-access")]
    [Sends<ListModelAccessQuery>]
    [UnexpectedError("Error retrieving allowed models")]
    [ProducesResponseType<ModelAccessPageReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> List([FromQuery] ModelAccessFilter filter, CancellationToken cancellationToken) =>
        Ok(ModelAccessPageReply.Of(await mediator.Send(filter.ToQuery(), cancellationToken)));

    /// <summary>Sets which models a user or an API key may ask.</summary>
    /// <remarks>A key's list and its user's both bind. Without a list every model is allowed; an empty list refuses every one.</remarks>
    /// <param name="command">Whose list, and the models.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The list.</response>
    [HttpPut("/admin/model-access")]
    [RouteKey("gateway.set-model-access")]
    [UnexpectedError("Error setting allowed models")]
    [ProducesResponseType<ModelAccessReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Set([JsonBody] SetModelAccessCommand command, CancellationToken cancellationToken) =>
        Ok(ModelAccessReply.Of(await mediator.Send(command, cancellationToken)));

    /// <summary>Removes a list: its owner may ask every model again.</summary>
    /// <param name="command">Whose list.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The list that is gone.</response>
    [HttpDelete("/admin/model-access")]
    [RouteKey("gateway.remove-model-access")]
    [UnexpectedError("Error removing allowed models")]
    [ProducesResponseType<ModelAccessReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Remove([JsonBody] RemoveModelAccessCommand command, CancellationToken cancellationToken) =>
        Ok(ModelAccessReply.Of(await mediator.Send(command, cancellationToken)));
}

/// <summary>Which lists.</summary>
public sealed record ModelAccessFilter
{
    /// <summary>Only lists of this kind of owner.</summary>
    [FromQuery(Name = "owner_kind")]
    [AllowedValues("user", "api_key")]
    public string? OwnerKind { get; init; }

    /// <summary>Only the list of this owner.</summary>
    [FromQuery(Name = "owner_id")]
    [SwaggerSchema(Format = "uuid")]
    public string? OwnerId { get; init; }

    /// <summary>Which page.</summary>
    [FromQuery(Name = "page")]
    [Range(1, ListModelAccessQuery.MaxPage)]
    [DefaultValue("1")]
    public string? Page { get; init; }

    /// <summary>Lists of a page.</summary>
    [FromQuery(Name = "per_page")]
    [Range(1, ListModelAccessQuery.MaxPerPage)]
    [DefaultValue("20")]
    public string? PerPage { get; init; }

    internal ListModelAccessQuery ToQuery() => new()
    {
        OwnerKind = QueryText.Text(OwnerKind),
        OwnerId = QueryText.Uuid(OwnerId),
        Page = QueryText.Integer(Page),
        PerPage = QueryText.Integer(PerPage),
    };
}

/// <summary>The models that a user or an API key may ask.</summary>
/// <param name="OwnerKind" example="api_key">What the owner is.</param>
/// <param name="OwnerId">The owner.</param>
/// <param name="Models" example="[&quot;gpt-4o-mini&quot;]">Public names of the models.</param>
/// <param name="SetBy">The administrator who set the list.</param>
/// <param name="ModifiedAt" example="2025-03-05T12:00:00Z">When it last changed, UTC.</param>
public sealed record ModelAccessReply(string OwnerKind, Guid OwnerId, IReadOnlyList<string> Models, Guid SetBy, string ModifiedAt)
{
    internal static ModelAccessReply Of(ModelAccessList list) => new(
        AccessOwnerNames.Of(list.OwnerKind), list.OwnerId, list.Models, list.ActorId, UtcText.ToTheSecond(list.ModifiedAt));
}

/// <summary>A page of lists of allowed models.</summary>
/// <param name="Lists">The lists, oldest first.</param>
/// <param name="Count">How many the page has.</param>
/// <param name="Page">Which page this is, from 1.</param>
/// <param name="PerPage">Most lists of a page.</param>
/// <param name="HasMore">Whether later lists match.</param>
public sealed record ModelAccessPageReply(IReadOnlyList<ModelAccessReply> Lists, int Count, int Page, int PerPage, bool HasMore)
{
    internal static ModelAccessPageReply Of(ModelAccessPage page) =>
        new([.. page.Lists.Select(ModelAccessReply.Of)], page.Lists.Count, page.Page, page.PerPage, page.HasMore);
}
