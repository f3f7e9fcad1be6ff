using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Metering;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Metering;

/// <summary>Shows the ledger's accounts and gives, corrects and takes back what is in them.</summary>
[ErrorShape(ErrorShape.AiFramework)]
public sealed class LedgerAccountsController(IMediator mediator) : ControllerBase
{
    /// <summary>Shows how an owner stands with every meter in the current period; of a user also who pays, the API keys and the team.</summary>
    /// <param name="ownerKind">What the owner is: <c>user</c>, <c>api_key</c> or <c>team</c>.</param>
    /// <param name="ownerId">The owner, a UUID.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The accounts.</response>
    [HttpGet("/admin/ledger/accounts")]
    [RouteKey("metering.list-owner-accounts")]
    [Sends<ListOwnerAccountsQuery>]
    [UnexpectedError("Error retrieving accounts")]
    [ProducesResponseType<OwnerStandingReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> List(
        [FromQuery(Name = "owner_kind"), Required] string? ownerKind,
        [FromQuery(Name = "owner_id"), Required] string? ownerId,
        CancellationToken cancellationToken)
    {
        var query = new ListOwnerAccountsQuery { OwnerKind = QueryText.Text(ownerKind), OwnerId = QueryText.Text(ownerId) };
        return Ok(OwnerStandingReply.Of(await mediator.Send(query, cancellationToken)));
    }

    /// <summary>Gives a user funds on top of what they have: a wallet, which never expires, or this month's credits.</summary>
    /// <param name="command">To whom, of what, how much and why.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The account as it is now.</response>
    [HttpPost("/admin/ledger/grants")]
    [RouteKey("metering.grant-funds")]
    [UnexpectedError("Error granting funds")]
    [ProducesResponseType<OwnerAccountReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Grant([JsonBody] GrantFundsCommand command, CancellationToken cancellationToken) =>
        Ok(OwnerAccountReply.Of(await mediator.Send(command, cancellationToken)));

    /// <summary>Makes what a user can still spend exactly so much: a wallet, or this month's credits.</summary>
    /// <param name="command">Whose account, how much and why.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The account as it is now.</response>
    [HttpPost("/admin/ledger/adjustments")]
    [RouteKey("metering.adjust-account")]
    [UnexpectedError("Error adjusting account")]
    [ProducesResponseType<OwnerAccountReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Adjust([JsonBody] AdjustAccountCommand command, CancellationToken cancellationToken) =>
        Ok(OwnerAccountReply.Of(await mediator.Send(command, cancellationToken)));

    /// <summary>Takes back what is left of an account: of a wallet, or of any period. What is held stays held.</summary>
    /// <param name="command">Which account, and why.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The account as it is now.</response>
    [HttpPost("/admin/ledger/expiries")]
    [RouteKey("metering.expire-account")]
    [UnexpectedError("Error expiring account")]
    [ProducesResponseType<OwnerAccountReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Expire([JsonBody] ExpireAccountCommand command, CancellationToken cancellationToken) =>
        Ok(OwnerAccountReply.Of(await mediator.Send(command, cancellationToken)));
}

/// <summary>How an owner stands with one meter. Amounts are in <c>unit</c>.</summary>
/// <param name="OwnerKind" example="api_key">What the owner is.</param>
/// <param name="OwnerId">The owner.</param>
/// <param name="Meter" example="key_budget">What is counted.</param>
/// <param name="Unit" example="nano_usd">What the amounts count.</param>
/// <param name="Period" example="2026-11">The period, by its label.</param>
/// <param name="RenewsAt" example="2026-11-30T22:00:00Z">When the next period starts, UTC; <c>null</c> where none does.</param>
/// <param name="Limit" example="25000000000">What the limit allows a period; <c>null</c> where there is none.</param>
/// <param name="Granted" example="25000000000">Given for the period.</param>
/// <param name="Held" example="0">Set aside for calls under way.</param>
/// <param name="Spent" example="1200000">Paid.</param>
/// <param name="Available" example="24998800000">What can still be spent.</param>
public sealed record OwnerAccountReply(
    string OwnerKind,
    Guid OwnerId,
    string Meter,
    string Unit,
    string Period,
    string? RenewsAt,
    long? Limit,
    long Granted,
    long Held,
    long Spent,
    long Available)
{
    internal static OwnerAccountReply Of(OwnerAccount account) => new(
        LedgerNames.Of(account.Owner.Kind),
        account.Owner.Id,
        LedgerNames.Of(account.Meter),
        LedgerNames.UnitOf(account.Meter),
        account.Period,
        account.RenewsAt is { } renews ? UtcText.ToTheSecond(renews) : null,
        account.Limit,
        account.Granted,
        account.Held,
        account.Spent,
        account.Available);
}

/// <summary>How an owner stands.</summary>
/// <param name="OwnerKind" example="user">What the owner is.</param>
/// <param name="OwnerId">The owner.</param>
/// <param name="Accounts">One account a meter that the owner has something of.</param>
/// <param name="Funding">Who pays; <c>null</c> for a team, and for a key without a rule of its own.</param>
/// <param name="ApiKeys">The API keys of a user, oldest first.</param>
/// <param name="TeamId">The team of a user.</param>
public sealed record OwnerStandingReply(
    string OwnerKind, Guid OwnerId, IReadOnlyList<OwnerAccountReply> Accounts, FundingReply? Funding, IReadOnlyList<OwnedKeyReply> ApiKeys, Guid? TeamId)
{
    internal static OwnerStandingReply Of(OwnerStanding standing) => new(
        LedgerNames.Of(standing.Owner.Kind),
        standing.Owner.Id,
        [.. standing.Accounts.Select(OwnerAccountReply.Of)],
        standing.Funding is { } funding ? FundingReply.Of(funding) : null,
        [.. standing.Keys.Select(key => new OwnedKeyReply(key.KeyId, key.Prefix, UtcText.ToTheSecond(key.CreatedAt)))],
        standing.TeamId);
}

/// <summary>An API key.</summary>
/// <param name="KeyId">The key's id, by which it owns limits; it is no secret.</param>
/// <param name="Prefix" example="6f9619ff">The first characters of the secret.</param>
/// <param name="CreatedAt" example="2025-03-05T12:00:00Z">When it was made, UTC.</param>
public sealed record OwnedKeyReply(Guid KeyId, string Prefix, string CreatedAt);
