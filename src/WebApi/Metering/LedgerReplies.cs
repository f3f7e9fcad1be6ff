using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Metering;
using AiPlatform.Domain.Metering;
using AiPlatform.WebApi.Shared;
using Microsoft.AspNetCore.Mvc;
using Swashbuckle.AspNetCore.Annotations;

namespace AiPlatform.WebApi.Metering;

/// <summary>Which entries of the ledger.</summary>
public sealed record LedgerEntryFilter
{
    /// <summary>Only entries of accounts of this user.</summary>
    [FromQuery(Name = "user_id")]
    [SwaggerSchema(Format = "uuid")]
    public string? UserId { get; init; }

    /// <summary>Only entries of this account.</summary>
    [FromQuery(Name = "account_id")]
    [SwaggerSchema(Format = "uuid")]
    public string? AccountId { get; init; }

    /// <summary>Only entries of accounts of this meter, for example <c>credits</c>.</summary>
    [FromQuery(Name = "meter")]
    public string? Meter { get; init; }

    /// <summary>Only entries of this kind: <c>grant</c>, <c>hold</c>, <c>capture</c>, <c>release</c> or <c>adjust</c>.</summary>
    [FromQuery(Name = "kind")]
    public string? Kind { get; init; }

    /// <summary>Only entries that this call caused.</summary>
    [FromQuery(Name = "request_id")]
    [SwaggerSchema(Format = "uuid")]
    public string? RequestId { get; init; }

    /// <summary>Only entries of this hold.</summary>
    [FromQuery(Name = "hold_id")]
    [SwaggerSchema(Format = "uuid")]
    public string? HoldId { get; init; }

    /// <summary>Only entries made at this time or later: ISO 8601, UTC where it names no offset.</summary>
    [FromQuery(Name = "from")]
    [SwaggerSchema(Format = "date-time")]
    public string? From { get; init; }

    /// <summary>Only entries made before this time: ISO 8601, UTC where it names no offset.</summary>
    [FromQuery(Name = "to")]
    [SwaggerSchema(Format = "date-time")]
    public string? To { get; init; }

    /// <summary>Which page.</summary>
    [FromQuery(Name = "page")]
    [Range(1, ListLedgerEntriesQuery.MaxPage)]
    [DefaultValue("1")]
    public string? Page { get; init; }

    /// <summary>Entries of a page.</summary>
    [FromQuery(Name = "per_page")]
    [Range(1, ListLedgerEntriesQuery.MaxPerPage)]
    [DefaultValue("20")]
    public string? PerPage { get; init; }

    internal ListLedgerEntriesQuery ToQuery() => new()
    {
        UserId = QueryText.Uuid(UserId),
        AccountId = QueryText.Uuid(AccountId),
        Meter = QueryText.Parsed(Meter, LedgerNames.Find<Meter>),
        Kind = QueryText.Parsed(Kind, LedgerNames.Find<EntryKind>),
        RequestId = QueryText.Uuid(RequestId),
        HoldId = QueryText.Uuid(HoldId),
        From = QueryText.Instant(From),
        To = QueryText.Instant(To),
        Page = QueryText.Integer(Page),
        PerPage = QueryText.Integer(PerPage),
    };
}

/// <summary>Which part of the ledger is reconciled.</summary>
public sealed record ReconciliationFilter
{
    /// <summary>The <c>next_cursor</c> of an earlier answer: goes on from there.</summary>
    [FromQuery(Name = "cursor")]
    [SwaggerSchema(Format = "uuid")]
    public string? Cursor { get; init; }

    /// <summary>Most accounts to look at.</summary>
    [FromQuery(Name = "max_accounts")]
    [Range(1, ReconcileLedgerQuery.HighestMaxAccounts)]
    [DefaultValue("10000")]
    public string? MaxAccounts { get; init; }

    internal ReconcileLedgerQuery ToQuery() => new() { Cursor = QueryText.Uuid(Cursor), MaxAccounts = QueryText.Integer(MaxAccounts) };
}

/// <summary>A page of the ledger.</summary>
/// <param name="Entries">The entries, newest first.</param>
/// <param name="Count">How many the page has.</param>
/// <param name="Page">Which page this is, from 1.</param>
/// <param name="PerPage">Most entries of a page.</param>
/// <param name="HasMore">Whether older entries match.</param>
public sealed record LedgerEntryPageReply(IReadOnlyList<LedgerEntryReply> Entries, int Count, int Page, int PerPage, bool HasMore)
{
    internal static LedgerEntryPageReply Of(LedgerEntryPage page) =>
        new([.. page.Entries.Select(LedgerEntryReply.Of)], page.Entries.Count, page.Page, page.PerPage, page.HasMore);
}

/// <summary>Names an account: whose, of what, for which period.</summary>
/// <param name="OwnerKind" example="user"><c>user</c>, <c>api_key</c> or <c>team</c>.</param>
/// <param name="OwnerId">Whose.</param>
/// <param name="Meter" example="credits">What is counted.</param>
/// <param name="Unit" example="credit_thousandths">The meter's smallest unit, which every amount is in.</param>
/// <param name="Period" example="2025-03">The period: <c>always</c>, a month, a day or a minute.</param>
public sealed record AccountReply(string OwnerKind, Guid OwnerId, string Meter, string Unit, string Period)
{
    internal static AccountReply Of(AccountKey account) => new(
        LedgerNames.Of(account.OwnerKind), account.OwnerId, LedgerNames.Of(account.Meter), LedgerNames.UnitOf(account.Meter), account.Period.Label);
}

/// <summary>One change of one account.</summary>
public sealed record LedgerEntryReply
{
    /// <summary>The entry.</summary>
    public required Guid EntryId { get; init; }

    /// <summary>The account that changed.</summary>
    public required Guid AccountId { get; init; }

    /// <summary>Whose, of what, for which period.</summary>
    public required AccountReply Account { get; init; }

    /// <summary>1, 2, 3, … within the account.</summary>
    /// <example>3</example>
    public required long Sequence { get; init; }

    /// <summary><c>grant</c>, <c>hold</c>, <c>capture</c>, <c>release</c> or <c>adjust</c>.</summary>
    /// <example>capture</example>
    public required string Kind { get; init; }

    /// <summary>Change of what was granted.</summary>
    /// <example>0</example>
    public required long Granted { get; init; }

    /// <summary>Change of what is set aside.</summary>
    /// <example>-1000</example>
    public required long Held { get; init; }

    /// <summary>Change of what is spent.</summary>
    /// <example>1000</example>
    public required long Spent { get; init; }

    /// <summary>What the account could still spend after this entry.</summary>
    /// <example>998000</example>
    public required long AvailableAfter { get; init; }

    /// <summary>The call that caused the entry.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>The hold that the entry belongs to.</summary>
    public required Guid? HoldId { get; init; }

    /// <summary>The price that was applied.</summary>
    public required Guid? PriceVersionId { get; init; }

    /// <summary>The administrator who ordered the entry.</summary>
    public required Guid? ActorId { get; init; }

    /// <summary>When the entry was made, UTC.</summary>
    /// <example>2025-03-05T12:00:00.123456Z</example>
    public required string CreatedAt { get; init; }

    internal static LedgerEntryReply Of(BookedEntry booked) => new()
    {
        EntryId = booked.Entry.Id,
        AccountId = booked.Entry.AccountId,
        Account = AccountReply.Of(booked.Account),
        Sequence = booked.Entry.Sequence,
        Kind = LedgerNames.Of(booked.Entry.Kind),
        Granted = booked.Entry.GrantedDelta,
        Held = booked.Entry.HeldDelta,
        Spent = booked.Entry.SpentDelta,
        AvailableAfter = booked.Entry.AvailableAfter,
        RequestId = booked.Entry.RequestId,
        HoldId = booked.Entry.HoldId,
        PriceVersionId = booked.Entry.PriceVersionId,
        ActorId = booked.Entry.ActorId,
        CreatedAt = UtcText.Of(booked.Entry.CreatedAt),
    };
}

/// <summary>What became of a reconciliation.</summary>
public sealed record ReconciliationReply
{
    /// <summary>Whether every account that was looked at is what its entries and its open holds say.</summary>
    public required bool Balanced { get; init; }

    /// <summary>Whether every account was looked at; if not, go on with <c>next_cursor</c>.</summary>
    public required bool Complete { get; init; }

    /// <summary>How many accounts were looked at.</summary>
    /// <example>120</example>
    public required long Accounts { get; init; }

    /// <summary>How many entries they have.</summary>
    /// <example>4711</example>
    public required long Entries { get; init; }

    /// <summary>The accounts that differ, at most 100 an answer.</summary>
    public required IReadOnlyList<AccountDifferenceReply> Differences { get; init; }

    /// <summary>Holds that wait for an administrator.</summary>
    public required PendingHoldsReply Disputed { get; init; }

    /// <summary>Holds that expired and that the next sweep decides on.</summary>
    public required PendingHoldsReply Unresolved { get; init; }

    /// <summary>Where to go on; <c>null</c> where nothing is left.</summary>
    public required Guid? NextCursor { get; init; }

    internal static ReconciliationReply Of(Reconciliation found) => new()
    {
        Balanced = found.Differences.Count == 0,
        Complete = found.Next is null,
        Accounts = found.Accounts,
        Entries = found.Entries,
        Differences = [.. found.Differences.Select(AccountDifferenceReply.Of)],
        Disputed = PendingHoldsReply.Of(found.Disputed),
        Unresolved = PendingHoldsReply.Of(found.Unresolved),
        NextCursor = found.Next,
    };
}

/// <summary>Holds of one kind.</summary>
/// <param name="Count" example="1">How many there are.</param>
/// <param name="Holds">The 20 longest waiting of them; <c>GET /admin/ledger/disputes</c> lists all.</param>
public sealed record PendingHoldsReply(int Count, IReadOnlyList<HoldReply> Holds)
{
    internal static PendingHoldsReply Of(PendingSummary pending) => new(pending.Count, [.. pending.Holds.Select(HoldReply.Of)]);
}

/// <summary>An account that is not what its entries say.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="Account">Whose, of what, for which period.</param>
/// <param name="Kept">What the account says.</param>
/// <param name="Summed">What its entries add up to.</param>
/// <param name="OpenHolds" example="1000">What its open holds set aside; it has to be what is held.</param>
/// <param name="FirstMissingEntry" example="3">The first entry that is missing from 1, 2, 3, …; <c>null</c> where none is.</param>
public sealed record AccountDifferenceReply(
    Guid AccountId, AccountReply Account, AccountSumsReply Kept, AccountSumsReply Summed, long OpenHolds, long? FirstMissingEntry)
{
    internal static AccountDifferenceReply Of(AccountDifference found) => new(
        found.AccountId,
        AccountReply.Of(found.Account),
        AccountSumsReply.Of(found.Kept),
        AccountSumsReply.Of(found.Summed),
        found.OpenHolds,
        found.FirstMissing);
}

/// <summary>The sums of an account, in its meter's smallest unit.</summary>
/// <param name="Granted" example="1000000">Given.</param>
/// <param name="Held" example="1000">Set aside.</param>
/// <param name="Spent" example="2000">Paid.</param>
/// <param name="Entries" example="7">How many entries.</param>
public sealed record AccountSumsReply(long Granted, long Held, long Spent, long Entries)
{
    internal static AccountSumsReply Of(AccountSums sums) => new(sums.Granted, sums.Held, sums.Spent, sums.Entries);
}
