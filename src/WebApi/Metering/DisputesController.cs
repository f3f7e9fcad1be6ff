using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Metering;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Swashbuckle.AspNetCore.Annotations;

namespace AiPlatform.WebApi.Metering;

/// <summary>Shows and ends disputes: calls that were sent to a provider, and nobody knows what came of them.</summary>
[ErrorShape(ErrorShape.AiFramework)]
public sealed class DisputesController(IMediator mediator) : ControllerBase
{
    /// <summary>Lists holds whose outcome is unknown, the longest waiting first, with everything that is known of their calls.</summary>
    /// <param name="filter">Which holds, and which page of them.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The page.</response>
    [HttpGet("/admin/ledger/disputes")]
    [RouteKey("metering.list-disputes")]
    [Sends<ListDisputesQuery>]
    [UnexpectedError("Error retrieving disputes")]
    [ProducesResponseType<DisputePageReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> List([FromQuery] DisputeFilter filter, CancellationToken cancellationToken) =>
        Ok(DisputePageReply.Of(await mediator.Send(filter.ToQuery(), cancellationToken)));

    /// <summary>Ends a dispute: charges the call, in whole or in part, or gives the hold back.</summary>
    /// <remarks>The administrator and the reason stay with the entries and the hold. A dispute ends once.</remarks>
    /// <param name="holdId">The disputed hold.</param>
    /// <param name="command">How it ends.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The hold as it is now.</response>
    [HttpPost("/admin/ledger/disputes/{hold_id}/resolve")]
    [RouteKey("metering.resolve-dispute")]
    [UnexpectedError("Error resolving the dispute")]
    [ProducesResponseType<ResolvedDisputeReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Resolve(
        [FromRoute(Name = "hold_id")] string holdId, [JsonBody] ResolveDisputeCommand command, CancellationToken cancellationToken) =>
        Ok(new ResolvedDisputeReply(
            "Dispute resolved successfully", HoldReply.Of(await mediator.Send(command with { HoldId = holdId }, cancellationToken))));
}

/// <summary>Which holds.</summary>
public sealed record DisputeFilter
{
    /// <summary><c>disputed</c> for those that wait for an administrator, <c>unresolved</c> for those that expired and that the next sweep decides on.</summary>
    [FromQuery(Name = "state")]
    [DefaultValue("disputed")]
    public string? State { get; init; }

    /// <summary>Only holds of calls of this user.</summary>
    [FromQuery(Name = "user_id")]
    [SwaggerSchema(Format = "uuid")]
    public string? UserId { get; init; }

    /// <summary>Which page.</summary>
    [FromQuery(Name = "page")]
    [Range(1, ListDisputesQuery.MaxPage)]
    [DefaultValue("1")]
    public string? Page { get; init; }

    /// <summary>Holds of a page.</summary>
    [FromQuery(Name = "per_page")]
    [Range(1, ListDisputesQuery.MaxPerPage)]
    [DefaultValue("20")]
    public string? PerPage { get; init; }

    internal ListDisputesQuery ToQuery() => new()
    {
        State = QueryText.Parsed(State, LedgerNames.Find<PendingHolds>),
        UserId = QueryText.Uuid(UserId),
        Page = QueryText.Integer(Page),
        PerPage = QueryText.Integer(PerPage),
    };
}

/// <summary>A page of holds.</summary>
/// <param name="Holds">The holds, the longest waiting first.</param>
/// <param name="Count">How many the page has.</param>
/// <param name="Page">Which page this is, from 1.</param>
/// <param name="PerPage">Most holds of a page.</param>
/// <param name="HasMore">Whether more match.</param>
public sealed record DisputePageReply(IReadOnlyList<HoldReply> Holds, int Count, int Page, int PerPage, bool HasMore)
{
    internal static DisputePageReply Of(DisputePage page) =>
        new([.. page.Holds.Select(HoldReply.Of)], page.Holds.Count, page.Page, page.PerPage, page.HasMore);
}

/// <summary>A dispute that was ended.</summary>
/// <param name="Message" example="Dispute resolved successfully">What happened.</param>
/// <param name="Hold">The hold as it is now.</param>
public sealed record ResolvedDisputeReply(string Message, HoldReply Hold);

/// <summary>A hold, with everything that is known of its call.</summary>
public sealed record HoldReply
{
    /// <summary>The hold.</summary>
    public required Guid HoldId { get; init; }

    /// <summary><c>held</c>, <c>dispatched</c>, <c>captured</c>, <c>released</c> or <c>disputed</c>.</summary>
    /// <example>disputed</example>
    public required string State { get; init; }

    /// <summary>The call: the key of its audit record and of its entries.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>Who called.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The route that was called.</summary>
    /// <example>llm.gpt-4o</example>
    public required string RouteKey { get; init; }

    /// <summary>The price that the hold was computed from.</summary>
    public required Guid PriceVersionId { get; init; }

    /// <summary>When the hold was placed, UTC.</summary>
    /// <example>2025-03-05T12:00:00.123456Z</example>
    public required string CreatedAt { get; init; }

    /// <summary>When its call was about to go to a provider, UTC; <c>null</c> where it never was.</summary>
    /// <example>2025-03-05T12:00:00.123456Z</example>
    public required string? DispatchedAt { get; init; }

    /// <summary>When it expired, or expires, UTC.</summary>
    /// <example>2025-03-05T12:15:00.123456Z</example>
    public required string ExpiresAt { get; init; }

    /// <summary>When it was captured or released, UTC.</summary>
    public required string? SettledAt { get; init; }

    /// <summary>Why it is disputed, or how it ended.</summary>
    /// <example>expired after it was sent; what was delivered is unknown</example>
    public required string? Reason { get; init; }

    /// <summary>What it set aside, an account a line.</summary>
    public required IReadOnlyList<HeldAmountReply> Amounts { get; init; }

    /// <summary>The models that the call may have asked, in their order, where it could ask more than one.</summary>
    public required IReadOnlyList<CandidateReply> Candidates { get; init; }

    /// <summary>What the audit trail says of the call; <c>null</c> where its process died before it wrote a record.</summary>
    public required AuditEvidenceReply? Audit { get; init; }

    internal static HoldReply Of(HoldEvidence evidence) => new()
    {
        HoldId = evidence.Hold.Id,
        State = LedgerNames.Of(evidence.Hold.State),
        RequestId = evidence.Hold.RequestId,
        UserId = evidence.Hold.UserId,
        RouteKey = evidence.Hold.RouteKey,
        PriceVersionId = evidence.Hold.PriceVersionId,
        CreatedAt = UtcText.Of(evidence.Hold.CreatedAt),
        DispatchedAt = UtcText.Of(evidence.Hold.DispatchedAt),
        ExpiresAt = UtcText.Of(evidence.Hold.ExpiresAt),
        SettledAt = UtcText.Of(evidence.Hold.SettledAt),
        Reason = evidence.Hold.Reason,
        Amounts = [.. evidence.Lines.Select(line => new HeldAmountReply(line.AccountId, AccountReply.Of(line.Account), line.Amount))],
        Candidates = [.. evidence.Candidates.Select(candidate => new CandidateReply(candidate.Model, candidate.PriceVersionId))],
        Audit = evidence.Audit is { } audit ? new AuditEvidenceReply(audit.Status, audit.Error, UtcText.Of(audit.StartedAt)) : null,
    };
}

/// <summary>What a hold set aside on one account.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="Account">Whose, of what, for which period.</param>
/// <param name="Amount" example="1000">How much, in the meter's smallest unit.</param>
public sealed record HeldAmountReply(Guid AccountId, AccountReply Account, long Amount);

/// <summary>A model that a call may have asked.</summary>
/// <param name="Model" example="gpt-4o-mini">Its public name.</param>
/// <param name="PriceVersionId">The price by which it is charged; <c>null</c> where no account of money is touched.</param>
public sealed record CandidateReply(string Model, Guid? PriceVersionId);

/// <summary>What the audit trail says of a call.</summary>
/// <param name="Status" example="499">The HTTP status answered.</param>
/// <param name="Error" example="cancelled">The refusal or the failure.</param>
/// <param name="StartedAt" example="2025-03-05T12:00:00.123456Z">When the call arrived, UTC.</param>
public sealed record AuditEvidenceReply(int Status, string? Error, string StartedAt);
