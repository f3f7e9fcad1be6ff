using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Metering;
using AiPlatform.Domain.Metering;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Swashbuckle.AspNetCore.Annotations;

namespace AiPlatform.WebApi.Metering;

/// <summary>Shows what the cache of answers saved.</summary>
[ErrorShape(ErrorShape.AiFramework)]
public sealed class SavingsController(IMediator mediator) : ControllerBase
{
    /// <summary>Totals what the cache of answers saved, a line a key, model and day, the latest day first.</summary>
    /// <param name="filter">Which savings, and which page of them.</param>
    /// <param name="userId">Only savings of this user.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The page.</response>
    [HttpGet("/admin/caching/savings")]
    [RouteKey("metering.list-savings")]
    [Sends<ListSavingsQuery>]
    [UnexpectedError("Error retrieving savings")]
    [ProducesResponseType<SavingsPageReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> List(
        [FromQuery] SavingsFilter filter,
        [FromQuery(Name = "user_id")][SwaggerParameter] string? userId,
        CancellationToken cancellationToken) =>
        Ok(SavingsPageReply.Of(await mediator.Send(filter.Over(new ListSavingsQuery { UserId = QueryText.Uuid(userId) }), cancellationToken)));

    /// <summary>Totals what the cache of answers saved the caller's own account, a line a key, model and day, the latest day first.</summary>
    /// <param name="filter">Which savings, and which page of them.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The page.</response>
    [HttpGet("/caching/savings")]
    [RouteKey("metering.list-own-savings")]
    [Sends<ListOwnSavingsQuery>]
    [UnexpectedError("Error retrieving savings")]
    [ProducesResponseType<SavingsPageReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> ListOwn([FromQuery] SavingsFilter filter, CancellationToken cancellationToken) =>
        Ok(SavingsPageReply.Of(await mediator.Send(filter.Over(new ListOwnSavingsQuery()), cancellationToken)));
}

/// <summary>Which savings.</summary>
public sealed record SavingsFilter
{
    /// <summary>Only savings of this API key.</summary>
    [FromQuery(Name = "api_key_id")]
    [SwaggerSchema(Format = "uuid")]
    public string? ApiKeyId { get; init; }

    /// <summary>Only savings of this day (UTC) or later.</summary>
    /// <example>2025-03-01</example>
    [FromQuery(Name = "from")]
    [SwaggerSchema(Format = "date")]
    public string? From { get; init; }

    /// <summary>Only savings of this day (UTC) or earlier.</summary>
    /// <example>2025-03-31</example>
    [FromQuery(Name = "to")]
    [SwaggerSchema(Format = "date")]
    public string? To { get; init; }

    /// <summary>Which page.</summary>
    [FromQuery(Name = "page")]
    [Range(1, SavingsFields.MaxPage)]
    [DefaultValue("1")]
    public string? Page { get; init; }

    /// <summary>Lines of a page.</summary>
    [FromQuery(Name = "per_page")]
    [Range(1, SavingsFields.MaxPerPage)]
    [DefaultValue("20")]
    public string? PerPage { get; init; }

    internal T Over<T>(T query)
        where T : SavingsFields => query with
        {
            ApiKeyId = QueryText.Uuid(ApiKeyId),
            From = QueryText.Day(From),
            To = QueryText.Day(To),
            Page = QueryText.Integer(Page),
            PerPage = QueryText.Integer(PerPage),
        };
}

/// <summary>What was saved on a day with a key and a model.</summary>
/// <param name="Day" example="2025-03-05">The day, UTC.</param>
/// <param name="UserId">Whose key it is.</param>
/// <param name="ApiKeyId">The key.</param>
/// <param name="Model" example="gpt-4o-mini">The model.</param>
/// <param name="Hits" example="12">How many calls were given an earlier answer.</param>
/// <param name="SavedNanoUsd" example="540000">What those answers had cost wallets or budgets, in nano-USD (1,000,000,000 are one dollar).</param>
/// <param name="SavedCredits" example="12">What they had cost in credits.</param>
public sealed record SavingsLineReply(
    DateOnly Day, Guid UserId, Guid ApiKeyId, string Model, int Hits, long SavedNanoUsd, decimal SavedCredits)
{
    internal static SavingsLineReply Of(SavingsLine line) => new(
        line.Day, line.UserId, line.ApiKeyId, line.Model, line.Total.Hits, line.Total.Money, line.Total.Credits / (decimal)MeterUnits.PerCredit);
}

/// <summary>What all lines that match come to, on whichever page they are.</summary>
/// <param name="Hits" example="12">How many calls were given an earlier answer.</param>
/// <param name="SavedNanoUsd" example="540000">What those answers had cost wallets or budgets, in nano-USD.</param>
/// <param name="SavedCredits" example="12">What they had cost in credits.</param>
public sealed record SavedTotalReply(int Hits, long SavedNanoUsd, decimal SavedCredits);

/// <summary>A page of savings.</summary>
/// <param name="Savings">The lines, the latest day first.</param>
/// <param name="Total">What all that match come to.</param>
/// <param name="Count">How many lines the page has.</param>
/// <param name="Page">Which page this is, from 1.</param>
/// <param name="PerPage">Most lines of a page.</param>
/// <param name="HasMore">Whether more match.</param>
public sealed record SavingsPageReply(
    IReadOnlyList<SavingsLineReply> Savings, SavedTotalReply Total, int Count, int Page, int PerPage, bool HasMore)
{
    internal static SavingsPageReply Of(SavingsPage page) => new(
        [.. page.Lines.Select(SavingsLineReply.Of)],
        new SavedTotalReply(page.Total.Hits, page.Total.Money, page.Total.Credits / (decimal)MeterUnits.PerCredit),
        page.Lines.Count,
        page.Page,
        page.PerPage,
        page.HasMore);
}
