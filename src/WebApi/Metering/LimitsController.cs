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

/// <summary>Administers what users, API keys and teams may spend.</summary>
[ErrorShape(ErrorShape.AiFramework)]
public sealed class LimitsController(IMediator mediator) : ControllerBase
{
    /// <summary>Lists limits, oldest first.</summary>
    /// <param name="filter">Which limits, and which page of them.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The page.</response>
    [HttpGet("/admin/ledger/limits")]
    [RouteKey("metering.list-limits")]
    [Sends<ListLimitsQuery>]
    [UnexpectedError("Error retrieving limits")]
    [ProducesResponseType<LimitPageReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> List([FromQuery] LimitFilter filter, CancellationToken cancellationToken) =>
        Ok(LimitPageReply.Of(await mediator.Send(filter.ToQuery(), cancellationToken)));

    /// <summary>Sets a limit.</summary>
    /// <remarks>
    /// It binds the owner's calls at once, also in the middle of a period: what is spent and held already counts, and where that
    /// is more than the limit nothing more can be spent before the next period. A limit that is set for the first time counts
    /// from then on.
    /// </remarks>
    /// <param name="command">Whose limit, on what, and how much.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">How the owner stands with it now.</response>
    [HttpPut("/admin/ledger/limits")]
    [RouteKey("metering.set-limit")]
    [UnexpectedError("Error setting limit")]
    [ProducesResponseType<OwnerAccountReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Set([JsonBody] SetLimitCommand command, CancellationToken cancellationToken) =>
        Ok(OwnerAccountReply.Of(await mediator.Send(command, cancellationToken)));

    /// <summary>Removes a limit; what was spent under it stays in the ledger.</summary>
    /// <param name="command">Whose limit, on what.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The limit that is gone.</response>
    [HttpDelete("/admin/ledger/limits")]
    [RouteKey("metering.remove-limit")]
    [UnexpectedError("Error removing limit")]
    [ProducesResponseType<RemovedLimitReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Remove([JsonBody] RemoveLimitCommand command, CancellationToken cancellationToken)
    {
        var (owner, meter, amount) = await mediator.Send(command, cancellationToken);
        return Ok(new RemovedLimitReply("Limit removed successfully", LedgerNames.Of(owner.Kind), owner.Id, LedgerNames.Of(meter), amount));
    }

    /// <summary>Sets who pays for a user's calls, or for those of one API key: the tier's credits, the wallet, or both.</summary>
    /// <remarks>A key's rule goes before its user's. Limits are held whatever pays. Without a rule the credits pay.</remarks>
    /// <param name="command">Who pays.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">Who pays now.</response>
    [HttpPut("/admin/ledger/funding")]
    [RouteKey("metering.set-funding")]
    [UnexpectedError("Error setting funding")]
    [ProducesResponseType<FundingReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> SetFunding([JsonBody] SetFundingCommand command, CancellationToken cancellationToken) =>
        Ok(FundingReply.Of(await mediator.Send(command, cancellationToken)));

    /// <summary>Removes a funding rule: a key falls back to its user's, a user to the tier's credits.</summary>
    /// <param name="command">Whose rule.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The rule is gone.</response>
    [HttpDelete("/admin/ledger/funding")]
    [RouteKey("metering.remove-funding")]
    [UnexpectedError("Error removing funding")]
    [ProducesResponseType<RemovedFundingReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> RemoveFunding([JsonBody] RemoveFundingCommand command, CancellationToken cancellationToken)
    {
        var owner = await mediator.Send(command, cancellationToken);
        return Ok(new RemovedFundingReply("Funding rule removed successfully", LedgerNames.Of(owner.Kind), owner.Id));
    }
}

/// <summary>Which limits.</summary>
public sealed record LimitFilter
{
    /// <summary>Only limits of this kind of owner.</summary>
    [FromQuery(Name = "owner_kind")]
    [AllowedValues("user", "api_key", "team")]
    public string? OwnerKind { get; init; }

    /// <summary>Only limits of this owner.</summary>
    [FromQuery(Name = "owner_id")]
    [SwaggerSchema(Format = "uuid")]
    public string? OwnerId { get; init; }

    /// <summary>Only limits on this meter.</summary>
    [FromQuery(Name = "meter")]
    [AllowedValues("tokens", "conversations", "key_budget", "team_budget", "requests_per_minute", "tokens_per_minute")]
    public string? Meter { get; init; }

    /// <summary>Which page.</summary>
    [FromQuery(Name = "page")]
    [Range(1, ListLimitsQuery.MaxPage)]
    [DefaultValue("1")]
    public string? Page { get; init; }

    /// <summary>Limits of a page.</summary>
    [FromQuery(Name = "per_page")]
    [Range(1, ListLimitsQuery.MaxPerPage)]
    [DefaultValue("20")]
    public string? PerPage { get; init; }

    internal ListLimitsQuery ToQuery() => new()
    {
        OwnerKind = QueryText.Text(OwnerKind),
        OwnerId = QueryText.Uuid(OwnerId),
        Meter = QueryText.Text(Meter),
        Page = QueryText.Integer(Page),
        PerPage = QueryText.Integer(PerPage),
    };
}

/// <summary>A limit.</summary>
/// <param name="OwnerKind" example="api_key">What its owner is.</param>
/// <param name="OwnerId">Its owner.</param>
/// <param name="Meter" example="key_budget">What it limits.</param>
/// <param name="Amount" example="25000000000">How much a period.</param>
/// <param name="Unit" example="nano_usd">What the amount counts.</param>
/// <param name="SetBy">The administrator who set it.</param>
/// <param name="ModifiedAt" example="2025-03-05T12:00:00Z">When it last changed, UTC.</param>
public sealed record LimitReply(string OwnerKind, Guid OwnerId, string Meter, long Amount, string Unit, Guid SetBy, string ModifiedAt)
{
    internal static LimitReply Of(LimitSummary limit) => new(
        LedgerNames.Of(limit.Owner.Kind),
        limit.Owner.Id,
        LedgerNames.Of(limit.Meter),
        limit.Amount,
        LedgerNames.UnitOf(limit.Meter),
        limit.ActorId,
        UtcText.ToTheSecond(limit.ModifiedAt));
}

/// <summary>A page of limits.</summary>
/// <param name="Limits">The limits, oldest first.</param>
/// <param name="Count">How many the page has.</param>
/// <param name="Page">Which page this is, from 1.</param>
/// <param name="PerPage">Most limits of a page.</param>
/// <param name="HasMore">Whether later limits match.</param>
public sealed record LimitPageReply(IReadOnlyList<LimitReply> Limits, int Count, int Page, int PerPage, bool HasMore)
{
    internal static LimitPageReply Of(LimitPage page) =>
        new([.. page.Limits.Select(LimitReply.Of)], page.Limits.Count, page.Page, page.PerPage, page.HasMore);
}

/// <summary>A limit that is gone.</summary>
/// <param name="Message" example="Limit removed successfully">What happened.</param>
/// <param name="OwnerKind" example="api_key">What its owner is.</param>
/// <param name="OwnerId">Its owner.</param>
/// <param name="Meter" example="key_budget">What it limited.</param>
/// <param name="Amount" example="25000000000">How much it allowed a period.</param>
public sealed record RemovedLimitReply(string Message, string OwnerKind, Guid OwnerId, string Meter, long Amount);

/// <summary>Who pays.</summary>
/// <param name="OwnerKind" example="user">For whose calls.</param>
/// <param name="OwnerId">The user or the key.</param>
/// <param name="Credits" example="false">Whether the tier's credits pay the endpoint's fixed cost.</param>
/// <param name="Wallet" example="true">Whether the user's wallet pays the model's price.</param>
public sealed record FundingReply(string OwnerKind, Guid OwnerId, bool Credits, bool Wallet)
{
    internal static FundingReply Of(FundingSummary funding) =>
        new(LedgerNames.Of(funding.Owner.Kind), funding.Owner.Id, funding.Credits, funding.Wallet);
}

/// <summary>A funding rule that is gone.</summary>
/// <param name="Message" example="Funding rule removed successfully">What happened.</param>
/// <param name="OwnerKind" example="user">For whose calls it was.</param>
/// <param name="OwnerId">The user or the key.</param>
public sealed record RemovedFundingReply(string Message, string OwnerKind, Guid OwnerId);
