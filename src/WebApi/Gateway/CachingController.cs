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

/// <summary>Administers for which API keys answers may be given again.</summary>
[ErrorShape(ErrorShape.AiFramework)]
public sealed class CachingController(IMediator mediator) : ControllerBase
{
    /// <summary>Lists the API keys for which the cache of answers is on, oldest first.</summary>
    /// <param name="filter">Which page.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The page.</response>
    [HttpGet("/admin/caching")]
    [RouteKey("gateway.list-caching")]
    [Sends<ListCachedKeysQuery>]
    [UnexpectedError("Error retrieving caching")]
    [ProducesResponseType<CachingPageReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> List([FromQuery] CachingFilter filter, CancellationToken cancellationToken) =>
        Ok(CachingPageReply.Of(await mediator.Send(filter.ToQuery(), cancellationToken)));

    /// <summary>Switches the cache of answers on for an API key, or changes its lifetime.</summary>
    /// <remarks>
    /// A request that has one answer only, which is one to an embedding model or one at <c>temperature</c> 0 that is not
    /// streamed, is then answered with what the account was answered to the same request before. That costs nothing and says
    /// <c>X-AiPlatform-Cache: hit</c>. Answers are never shared between accounts; the keys of an account share theirs.
    /// <c>Cache-Control: no-cache</c> asks the model anew, <c>no-store</c> also keeps nothing.
    /// </remarks>
    /// <param name="command">For which key, and how old an answer may be.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The cache is on.</response>
    [HttpPut("/admin/caching")]
    [RouteKey("gateway.set-caching")]
    [UnexpectedError("Error setting caching")]
    [ProducesResponseType<CachingReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> SwitchOn([JsonBody] SwitchCacheOnCommand command, CancellationToken cancellationToken) =>
        Ok(CachingReply.Of(await mediator.Send(command, cancellationToken)));

    /// <summary>Switches the cache of answers off for an API key.</summary>
    /// <param name="command">For which key.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The cache is off.</response>
    [HttpDelete("/admin/caching")]
    [RouteKey("gateway.remove-caching")]
    [UnexpectedError("Error removing caching")]
    [ProducesResponseType<CachingOffReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> SwitchOff([JsonBody] SwitchCacheOffCommand command, CancellationToken cancellationToken) =>
        Ok(new CachingOffReply("Caching switched off successfully", await mediator.Send(command, cancellationToken)));
}

/// <summary>Which keys.</summary>
public sealed record CachingFilter
{
    /// <summary>Which page.</summary>
    [FromQuery(Name = "page")]
    [Range(1, ListCachedKeysQuery.MaxPage)]
    [DefaultValue("1")]
    public string? Page { get; init; }

    /// <summary>Keys of a page.</summary>
    [FromQuery(Name = "per_page")]
    [Range(1, ListCachedKeysQuery.MaxPerPage)]
    [DefaultValue("20")]
    public string? PerPage { get; init; }

    internal ListCachedKeysQuery ToQuery() => new() { Page = QueryText.Integer(Page), PerPage = QueryText.Integer(PerPage) };
}

/// <summary>An API key for which the cache of answers is on.</summary>
/// <param name="ApiKeyId">The key.</param>
/// <param name="LifetimeSeconds" example="3600">How old an answer may be, in seconds.</param>
/// <param name="SetBy">The administrator who set it.</param>
/// <param name="ModifiedAt" example="2025-03-05T12:00:00Z">When it last changed, UTC.</param>
public sealed record CachingReply(Guid ApiKeyId, int LifetimeSeconds, Guid SetBy, string ModifiedAt)
{
    internal static CachingReply Of(CachedKey key) => new(key.ApiKeyId, key.LifetimeSeconds, key.ActorId, UtcText.ToTheSecond(key.ModifiedAt));
}

/// <summary>A page of keys.</summary>
/// <param name="Keys">The keys, oldest first.</param>
/// <param name="Count">How many the page has.</param>
/// <param name="Page">Which page this is, from 1.</param>
/// <param name="PerPage">Most keys of a page.</param>
/// <param name="HasMore">Whether there are later ones.</param>
public sealed record CachingPageReply(IReadOnlyList<CachingReply> Keys, int Count, int Page, int PerPage, bool HasMore)
{
    internal static CachingPageReply Of(CachedKeyPage page) =>
        new([.. page.Keys.Select(CachingReply.Of)], page.Keys.Count, page.Page, page.PerPage, page.HasMore);
}

/// <summary>The cache is off.</summary>
/// <param name="Message" example="Caching switched off successfully">What happened.</param>
/// <param name="ApiKeyId">The key.</param>
public sealed record CachingOffReply(string Message, Guid ApiKeyId);
