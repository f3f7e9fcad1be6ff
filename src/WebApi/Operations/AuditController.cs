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

/// <summary>Shows the audit trail: one record a call, whatever became of it.</summary>
[ErrorShape(ErrorShape.AiFramework)]
public sealed class AuditController(IMediator mediator) : ControllerBase
{
    /// <summary>Lists records, newest first.</summary>
    /// <remarks>Each call adds one, so pass <c>to</c> where several pages are read.</remarks>
    /// <param name="filter">Which records, and which page of them.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The page.</response>
    [HttpGet("/admin/audit")]
    [RouteKey("operations.list-audit-records")]
    [Sends<ListAuditRecordsQuery>]
    [UnexpectedError("Error retrieving audit records")]
    [ProducesResponseType<AuditPageReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> List([FromQuery] AuditFilter filter, CancellationToken cancellationToken) =>
        Ok(AuditPageReply.Of(await mediator.Send(filter.ToQuery(), cancellationToken)));

    /// <summary>Shows the record of one call.</summary>
    /// <param name="requestId">The call's <c>X-Request-Id</c>.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The record.</response>
    [HttpGet("/admin/audit/{request_id}")]
    [RouteKey("operations.get-audit-record")]
    [Sends<GetAuditRecordQuery>]
    [UnexpectedError("Error retrieving audit record")]
    [ProducesResponseType<AuditRecordReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Get([FromRoute(Name = "request_id")] string requestId, CancellationToken cancellationToken) =>
        Ok(AuditRecordReply.Of(await mediator.Send(new GetAuditRecordQuery(requestId), cancellationToken)));
}

/// <summary>Which records of the audit trail.</summary>
public sealed record AuditFilter
{
    /// <summary>Only calls of this user.</summary>
    [FromQuery(Name = "user_id")]
    [SwaggerSchema(Format = "uuid")]
    public string? UserId { get; init; }

    /// <summary>Only calls of exactly this path.</summary>
    [FromQuery(Name = "path")]
    [MaxLength(AuditRecord.MaxPathLength)]
    public string? Path { get; init; }

    /// <summary>Only calls that this route answered, for example <c>metering.check-balance</c>.</summary>
    [FromQuery(Name = "route_key")]
    [MaxLength(AuditRecord.MaxRouteKeyLength)]
    public string? RouteKey { get; init; }

    /// <summary>Only calls answered with this HTTP status.</summary>
    [FromQuery(Name = "status")]
    [Range(100, 599)]
    public string? Status { get; init; }

    /// <summary>Only calls that arrived at this time or later: ISO 8601, UTC where it names no offset.</summary>
    [FromQuery(Name = "from")]
    [SwaggerSchema(Format = "date-time")]
    public string? From { get; init; }

    /// <summary>Only calls that arrived before this time: ISO 8601, UTC where it names no offset.</summary>
    [FromQuery(Name = "to")]
    [SwaggerSchema(Format = "date-time")]
    public string? To { get; init; }

    /// <summary>Which page.</summary>
    [FromQuery(Name = "page")]
    [Range(1, ListAuditRecordsQuery.MaxPage)]
    [DefaultValue("1")]
    public string? Page { get; init; }

    /// <summary>Records of a page.</summary>
    [FromQuery(Name = "per_page")]
    [Range(1, ListAuditRecordsQuery.MaxPerPage)]
    [DefaultValue("20")]
    public string? PerPage { get; init; }

    internal ListAuditRecordsQuery ToQuery() => new()
    {
        UserId = QueryText.Uuid(UserId),
        Path = QueryText.Text(Path),
        RouteKey = QueryText.Text(RouteKey),
        Status = QueryText.Integer(Status),
        From = QueryText.Instant(From),
        To = QueryText.Instant(To),
        Page = QueryText.Integer(Page),
        PerPage = QueryText.Integer(PerPage),
    };
}

/// <summary>A page of the audit trail.</summary>
/// <param name="Records">The records, newest first.</param>
/// <param name="Count">How many the page has.</param>
/// <param name="Page">Which page this is, from 1.</param>
/// <param name="PerPage">Most records of a page.</param>
/// <param name="HasMore">Whether older records match.</param>
public sealed record AuditPageReply(IReadOnlyList<AuditRecordReply> Records, int Count, int Page, int PerPage, bool HasMore)
{
    internal static AuditPageReply Of(AuditTrailPage page) => new(
        [.. page.Records.Select(AuditRecordReply.Of)], page.Records.Count, page.Page, page.PerPage, page.HasMore);
}

/// <summary>The record of one call.</summary>
public sealed record AuditRecordReply
{
    /// <summary>The call's <c>X-Request-Id</c>; the ledger's entries carry it too.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>The client's own id of the call (<c>X-Correlation-ID</c>).</summary>
    /// <example>my-own-id</example>
    public required string? CorrelationId { get; init; }

    /// <summary>When the call arrived, UTC.</summary>
    /// <example>2025-03-05T12:00:00.123456Z</example>
    public required string StartedAt { get; init; }

    /// <summary>HTTP method.</summary>
    /// <example>GET</example>
    public required string Method { get; init; }

    /// <summary>Path without its query.</summary>
    /// <example>/check-balance</example>
    public required string Path { get; init; }

    /// <summary>The route that answered; <c>null</c> where none did.</summary>
    /// <example>metering.check-balance</example>
    public required string? RouteKey { get; init; }

    /// <summary>The row of the endpoint catalogue that priced the call.</summary>
    public required Guid? EndpointId { get; init; }

    /// <summary>Who called, when that became known.</summary>
    public required Guid? UserId { get; init; }

    /// <summary>The access token that was presented.</summary>
    public required Guid? TokenId { get; init; }

    /// <summary>The API key that was presented.</summary>
    public required Guid? ApiKeyId { get; init; }

    /// <summary>The HTTP status answered; 499 for a caller who left before the answer.</summary>
    /// <example>200</example>
    public required int Status { get; init; }

    /// <summary>From arrival to the end of the use case, in milliseconds.</summary>
    /// <example>12</example>
    public required long ElapsedMs { get; init; }

    /// <summary>The hold that was placed for the call.</summary>
    public required Guid? HoldId { get; init; }

    /// <summary>What was charged, in credits; up to three decimals, 0 where nothing was.</summary>
    /// <example>2</example>
    public required decimal Charge { get; init; }

    /// <summary>The caller's address.</summary>
    /// <example>127.0.0.1</example>
    public required string? IpAddress { get; init; }

    /// <summary>The caller's <c>User-Agent</c>, cut to 500 characters.</summary>
    /// <example>curl/8.5.0</example>
    public required string? UserAgent { get; init; }

    /// <summary>The headers that may be kept, by name.</summary>
    public required JsonNode? RequestHeaders { get; init; }

    /// <summary>The request's JSON as text, secrets redacted, cut to 8 KiB.</summary>
    public required string? RequestBody { get; init; }

    /// <summary>The answer's JSON as text, secrets redacted, cut to 8 KiB.</summary>
    public required string? ResponseBody { get; init; }

    /// <summary>The code and words of the refusal, or the kind of failure.</summary>
    public required string? Error { get; init; }

    /// <summary>The call whose kept answer was given again; <c>null</c> for a call that was carried out.</summary>
    public required Guid? ReplayOf { get; init; }

    /// <summary>The chain that the record belongs to; <c>null</c> for one that was written before there were chains.</summary>
    public required Guid? ChainId { get; init; }

    /// <summary>The record's place in its chain, from 1.</summary>
    /// <example>42</example>
    public required long? ChainSequence { get; init; }

    /// <summary>The hash of the record and of all records before it in its chain: SHA-256, hexadecimal.</summary>
    /// <example>9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08</example>
    public required string? ChainHash { get; init; }

    internal static AuditRecordReply Of(AuditTrailEntry entry) => new()
    {
        RequestId = entry.Id,
        CorrelationId = entry.CorrelationId,
        StartedAt = UtcText.Of(entry.StartedAt),
        Method = entry.Method,
        Path = entry.Path,
        RouteKey = entry.RouteKey,
        EndpointId = entry.EndpointId,
        UserId = entry.UserId,
        TokenId = entry.TokenId,
        ApiKeyId = entry.ApiKeyId,
        Status = entry.Status,
        ElapsedMs = entry.ElapsedMilliseconds,
        HoldId = entry.HoldId,
        Charge = entry.ChargedCredits,
        IpAddress = entry.IpAddress,
        UserAgent = entry.UserAgent,
        RequestHeaders = entry.RequestHeaders is null ? null : JsonNode.Parse(entry.RequestHeaders),
        RequestBody = entry.RequestBody,
        ResponseBody = entry.ResponseBody,
        Error = entry.Error,
        ReplayOf = entry.ReplayOf,
        ChainId = entry.ChainId,
        ChainSequence = entry.ChainSequence,
        ChainHash = entry.ChainHash is { } hash ? Convert.ToHexStringLower(hash) : null,
    };
}
