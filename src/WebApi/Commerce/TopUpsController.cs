using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Commerce;
using AiPlatform.Domain.Commerce;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Swashbuckle.AspNetCore.Annotations;

namespace AiPlatform.WebApi.Commerce;

/// <summary>Shows administrators what was paid into wallets by card.</summary>
[ErrorShape(ErrorShape.AiFramework)]
public sealed class TopUpsController(IMediator mediator) : ControllerBase
{
    /// <summary>Lists what was paid into wallets by card, the latest first, with what became of each payment.</summary>
    /// <remarks>
    /// What was refunded or is disputed at the payment gateway is told here and leaves the wallet as it is; an administrator takes it
    /// back where that is right (`POST /admin/ledger/adjustments`).
    /// </remarks>
    /// <param name="filter">Which top-ups, and which page of them.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The page.</response>
    [HttpGet("/admin/top-ups")]
    [RouteKey("commerce.list-top-ups")]
    [Sends<ListTopUpsQuery>]
    [UnexpectedError("Error retrieving top-ups")]
    [ProducesResponseType<TopUpPageReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> List([FromQuery] TopUpFilter filter, CancellationToken cancellationToken) =>
        Ok(TopUpPageReply.Of(await mediator.Send(filter.ToQuery(), cancellationToken)));
}

/// <summary>Which top-ups.</summary>
public sealed record TopUpFilter
{
    /// <summary><c>open</c>, <c>credited</c>, <c>failed</c>, or <c>returned</c> for those that were refunded or are disputed; all by default.</summary>
    [FromQuery(Name = "kind")]
    public string? Kind { get; init; }

    /// <summary>Only those of this user.</summary>
    [FromQuery(Name = "user_id")]
    [SwaggerSchema(Format = "uuid")]
    public string? UserId { get; init; }

    /// <summary>Which page.</summary>
    [FromQuery(Name = "page")]
    [Range(1, ListTopUpsQuery.MaxPage)]
    [DefaultValue("1")]
    public string? Page { get; init; }

    /// <summary>Top-ups of a page.</summary>
    [FromQuery(Name = "per_page")]
    [Range(1, ListTopUpsQuery.MaxPerPage)]
    [DefaultValue("20")]
    public string? PerPage { get; init; }

    internal ListTopUpsQuery ToQuery() => new()
    {
        Kind = QueryText.Parsed<TopUpKind>(Kind, KindOf),
        UserId = QueryText.Uuid(UserId),
        Page = QueryText.Integer(Page),
        PerPage = QueryText.Integer(PerPage),
    };

    private static TopUpKind? KindOf(string text) => text switch
    {
        "open" => TopUpKind.Open,
        "credited" => TopUpKind.Credited,
        "failed" => TopUpKind.Failed,
        "returned" => TopUpKind.Returned,
        _ => null,
    };
}

/// <summary>A page of top-ups.</summary>
/// <param name="TopUps">The top-ups, the latest first.</param>
/// <param name="Count">How many the page has.</param>
/// <param name="Page">Which page this is, from 1.</param>
/// <param name="PerPage">Most top-ups of a page.</param>
/// <param name="HasMore">Whether more match.</param>
public sealed record TopUpPageReply(IReadOnlyList<TopUpReply> TopUps, int Count, int Page, int PerPage, bool HasMore)
{
    internal static TopUpPageReply Of(TopUpPage page) =>
        new([.. page.TopUps.Select(TopUpReply.Of)], page.TopUps.Count, page.Page, page.PerPage, page.HasMore);
}

/// <summary>Money that a person pays into their wallet by card.</summary>
public sealed record TopUpReply
{
    /// <summary>The top-up; the charge at the gateway carries it.</summary>
    public required Guid TopUpId { get; init; }

    /// <summary>The person.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The call that wanted it: the key of its audit record and of the ledger's entry.</summary>
    public required Guid RequestId { get; init; }

    /// <summary><c>intended</c>, <c>charged</c>, <c>credited</c> or <c>failed</c>.</summary>
    /// <example>credited</example>
    public required string State { get; init; }

    /// <summary>What is paid in, in nano-USD.</summary>
    /// <example>5000000000</example>
    public required long Amount { get; init; }

    /// <summary>What was given back to the card, in nano-USD.</summary>
    /// <example>0</example>
    public required long Refunded { get; init; }

    /// <summary>Whether the holder of the card disputes the charge.</summary>
    /// <example>false</example>
    public required bool IsDisputed { get; init; }

    /// <summary>The gateway's name for the charge.</summary>
    /// <example>ch_3MmlLrLkdIwHu7ix0snN0B15</example>
    public required string? ChargeId { get; init; }

    /// <summary>Why the card was not charged, in the gateway's code.</summary>
    /// <example>card_declined</example>
    public required string? Failure { get; init; }

    /// <summary>When it was wanted, UTC.</summary>
    public required string CreatedAt { get; init; }

    /// <summary>When its outcome was known, UTC.</summary>
    public required string? SettledAt { get; init; }

    internal static TopUpReply Of(TopUp topUp) => new()
    {
        TopUpId = topUp.Id,
        UserId = topUp.UserId,
        RequestId = topUp.RequestId,
        State = topUp.State switch
        {
            TopUpState.Intended => "intended",
            TopUpState.Charged => "charged",
            TopUpState.Credited => "credited",
            _ => "failed",
        },
        Amount = topUp.Amount,
        Refunded = topUp.Refunded,
        IsDisputed = topUp.IsDisputed,
        ChargeId = topUp.ChargeId,
        Failure = topUp.Failure,
        CreatedAt = UtcText.Of(topUp.CreatedAt),
        SettledAt = UtcText.Of(topUp.SettledAt),
    };
}
