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

namespace AiPlatform.WebApi.Gateway;

/// <summary>Administers the model catalogue: which models there are, and the ways to reach them.</summary>
[ErrorShape(ErrorShape.AiFramework)]
public sealed class ModelsController(IMediator mediator) : ControllerBase
{
    /// <summary>Lists the catalogue by name, retired models included.</summary>
    /// <param name="filter">Which models, and which page of them.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The page.</response>
    [HttpGet("/admin/models")]
    [RouteKey("gateway.list-models")]
    [Sends<ListModelsQuery>]
    [UnexpectedError("Error retrieving models")]
    [ProducesResponseType<ModelPageReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> List([FromQuery] ModelFilter filter, CancellationToken cancellationToken) =>
        Ok(ModelPageReply.Of(await mediator.Send(filter.ToQuery(), cancellationToken)));

    /// <summary>Shows a model, retired ones included.</summary>
    /// <param name="modelId">The model, a UUID.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The model.</response>
    [HttpGet("/admin/models/{model_id}")]
    [RouteKey("gateway.get-model")]
    [Sends<GetModelQuery>]
    [UnexpectedError("Error retrieving model")]
    [ProducesResponseType<CatalogueModelReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Get([FromRoute(Name = "model_id")] string modelId, CancellationToken cancellationToken) =>
        Ok(CatalogueModelReply.Of(await mediator.Send(new GetModelQuery(modelId), cancellationToken)));

    /// <summary>Lists what administrators did to a model, the latest first.</summary>
    /// <param name="modelId">The model, a UUID.</param>
    /// <param name="filter">Which page.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The page.</response>
    [HttpGet("/admin/models/{model_id}/history")]
    [RouteKey("gateway.list-model-changes")]
    [Sends<ListModelChangesQuery>]
    [UnexpectedError("Error retrieving model history")]
    [ProducesResponseType<ModelHistoryReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> History(
        [FromRoute(Name = "model_id")] string modelId, [FromQuery] ModelHistoryFilter filter, CancellationToken cancellationToken) =>
        Ok(ModelHistoryReply.Of(await mediator.Send(filter.ToQuery(modelId), cancellationToken)));

    /// <summary>Adds a model.</summary>
    /// <remarks>Priced accounts can ask it once it has a price (<c>POST /admin/ledger/prices</c>).</remarks>
    /// <param name="command">The model.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="201">The model.</response>
    [HttpPost("/admin/models")]
    [RouteKey("gateway.add-model")]
    [UnexpectedError("Error adding model")]
    [ProducesResponseType<CatalogueModelReply>(StatusCodes.Status201Created)]
    public async Task<IActionResult> Add([JsonBody] AddModelCommand command, CancellationToken cancellationToken) =>
        StatusCode(StatusCodes.Status201Created, CatalogueModelReply.Of(await mediator.Send(command, cancellationToken)));

    /// <summary>Changes a model, or offers a retired one again.</summary>
    /// <remarks>Fields that are not sent stay as they are; a list that is sent takes the place of the old one.</remarks>
    /// <param name="modelId">The model, a UUID.</param>
    /// <param name="command">The fields to change.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The model as it is now.</response>
    [HttpPut("/admin/models/{model_id}")]
    [RouteKey("gateway.change-model")]
    [UnexpectedError("Error changing model")]
    [ProducesResponseType<CatalogueModelReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Change(
        [FromRoute(Name = "model_id")] string modelId, [JsonBody] ChangeModelCommand command, CancellationToken cancellationToken) =>
        Ok(CatalogueModelReply.Of(await mediator.Send(command with { ModelId = modelId }, cancellationToken)));

    /// <summary>Retires a model: callers no longer find it, and it stays listed with its history.</summary>
    /// <param name="modelId">The model, a UUID.</param>
    /// <param name="command">The administrator's token.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The model as it is now.</response>
    [HttpDelete("/admin/models/{model_id}")]
    [RouteKey("gateway.retire-model")]
    [UnexpectedError("Error retiring model")]
    [ProducesResponseType<CatalogueModelReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Retire(
        [FromRoute(Name = "model_id")] string modelId, [JsonBody] RetireModelCommand command, CancellationToken cancellationToken) =>
        Ok(CatalogueModelReply.Of(await mediator.Send(command with { ModelId = modelId }, cancellationToken)));
}

/// <summary>Which models.</summary>
public sealed record ModelFilter
{
    /// <summary>Only the model of this name or alias.</summary>
    [FromQuery(Name = "name")]
    public string? Name { get; init; }

    /// <summary>Only models of this family.</summary>
    [FromQuery(Name = "family")]
    public string? Family { get; init; }

    /// <summary>Only models that are offered, or only retired ones.</summary>
    [FromQuery(Name = "state")]
    [AllowedValues("offered", "retired")]
    public string? State { get; init; }

    /// <summary>Which page.</summary>
    [FromQuery(Name = "page")]
    [Range(1, ListModelsQuery.MaxPage)]
    [DefaultValue("1")]
    public string? Page { get; init; }

    /// <summary>Models of a page.</summary>
    [FromQuery(Name = "per_page")]
    [Range(1, ListModelsQuery.MaxPerPage)]
    [DefaultValue("20")]
    public string? PerPage { get; init; }

    internal ListModelsQuery ToQuery() => new()
    {
        Name = QueryText.Text(Name),
        Family = QueryText.Text(Family),
        State = QueryText.Text(State),
        Page = QueryText.Integer(Page),
        PerPage = QueryText.Integer(PerPage),
    };
}

/// <summary>Which page of a history.</summary>
public sealed record ModelHistoryFilter
{
    /// <summary>Which page.</summary>
    [FromQuery(Name = "page")]
    [Range(1, ListModelChangesQuery.MaxPage)]
    [DefaultValue("1")]
    public string? Page { get; init; }

    /// <summary>Changes of a page.</summary>
    [FromQuery(Name = "per_page")]
    [Range(1, ListModelChangesQuery.MaxPerPage)]
    [DefaultValue("20")]
    public string? PerPage { get; init; }

    internal ListModelChangesQuery ToQuery(string modelId) =>
        new() { ModelId = modelId, Page = QueryText.Integer(Page), PerPage = QueryText.Integer(PerPage) };
}
