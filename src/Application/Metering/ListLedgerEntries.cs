using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Metering;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Metering;

/// <summary>Lists the ledger's entries, newest first.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "view the ledger")]
[OmitBodiesFromAudit]
public sealed record ListLedgerEntriesQuery : IRequest<LedgerEntryPage>
{
    /// <summary>Most entries of one page.</summary>
    public const int MaxPerPage = 100;

    /// <summary>Highest page; who wants to read on narrows the time instead.</summary>
    public const int MaxPage = 100_000;

    /// <summary>Only entries of accounts of this user.</summary>
    public Supplied<Guid> UserId { get; init; }

    /// <summary>Only entries of this account.</summary>
    public Supplied<Guid> AccountId { get; init; }

    /// <summary>Only entries of accounts that count this.</summary>
    public Supplied<Meter> Meter { get; init; }

    /// <summary>Only entries of this kind.</summary>
    public Supplied<EntryKind> Kind { get; init; }

    /// <summary>Only entries that this call caused.</summary>
    public Supplied<Guid> RequestId { get; init; }

    /// <summary>Only entries of this hold.</summary>
    public Supplied<Guid> HoldId { get; init; }

    /// <summary>Only entries made at this instant or later.</summary>
    public Supplied<DateTimeOffset> From { get; init; }

    /// <summary>Only entries made before this instant.</summary>
    public Supplied<DateTimeOffset> To { get; init; }

    /// <summary>Which page, from 1; 1 by default.</summary>
    public Supplied<int> Page { get; init; }

    /// <summary>Entries of a page, 1 to <see cref="MaxPerPage"/>; 20 by default.</summary>
    public Supplied<int> PerPage { get; init; }

    internal int PageNumber => Page.Or(1);

    internal int PageSize => PerPage.Or(20);
}

/// <summary>An entry and the account that it changed.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Account">Whose, of what, for which period.</param>
public sealed record BookedEntry(LedgerEntry Entry, AccountKey Account);

/// <summary>A page of entries.</summary>
/// <param name="Entries">The entries, newest first.</param>
/// <param name="Page">Which page this is, from 1.</param>
/// <param name="PerPage">Most entries of a page.</param>
/// <param name="HasMore">Whether older entries match.</param>
public sealed record LedgerEntryPage(IReadOnlyList<BookedEntry> Entries, int Page, int PerPage, bool HasMore);

internal sealed class ListLedgerEntriesValidator : OrderedValidator<ListLedgerEntriesQuery>
{
    public ListLedgerEntriesValidator()
    {
        Require(query => !query.UserId.IsMistyped, RequestErrors.Invalid("user_id must be a UUID"));
        Require(query => !query.AccountId.IsMistyped, RequestErrors.Invalid("account_id must be a UUID"));
        Require(query => !query.Meter.IsMistyped, RequestErrors.Invalid($"meter must be one of: {LedgerNames.All<Meter>()}"));
        Require(query => !query.Kind.IsMistyped, RequestErrors.Invalid($"kind must be one of: {LedgerNames.All<EntryKind>()}"));
        Require(query => !query.RequestId.IsMistyped, RequestErrors.Invalid("request_id must be a UUID"));
        Require(query => !query.HoldId.IsMistyped, RequestErrors.Invalid("hold_id must be a UUID"));
        Require(query => !query.From.IsMistyped, RequestErrors.Invalid("from must be a time such as 2025-03-05T12:00:00Z"));
        Require(query => !query.To.IsMistyped, RequestErrors.Invalid("to must be a time such as 2025-03-05T12:00:00Z"));
        RequirePage(query => query.Page, ListLedgerEntriesQuery.MaxPage, query => query.PerPage, ListLedgerEntriesQuery.MaxPerPage);
    }
}

internal sealed class ListLedgerEntriesHandler(IMeteringDb db) : IRequestHandler<ListLedgerEntriesQuery, LedgerEntryPage>
{
    public async Task<LedgerEntryPage> Handle(ListLedgerEntriesQuery query, CancellationToken cancellationToken)
    {
        var matching =
            from entry in Entries(query)
            join account in Accounts(query) on entry.AccountId equals account.Id
            orderby entry.CreatedAt descending, entry.AccountId descending, entry.Sequence descending
            select new { Entry = entry, Account = account };

        // One more than the page tells whether there are more; counting all of them would read the whole ledger.
        var rows = await matching.Skip((query.PageNumber - 1) * query.PageSize).Take(query.PageSize + 1).ToListAsync(cancellationToken);
        var entries = rows.ConvertAll(row => new BookedEntry(row.Entry, row.Account.Key));
        return new LedgerEntryPage(
            entries[..Math.Min(entries.Count, query.PageSize)], query.PageNumber, query.PageSize, entries.Count > query.PageSize);
    }

    private IQueryable<LedgerAccount> Accounts(ListLedgerEntriesQuery query)
    {
        var accounts = db.LedgerAccounts;
        if (query.UserId.IsGiven)
        {
            accounts = accounts.Where(account => account.OwnerKind == OwnerKind.User && account.OwnerId == query.UserId.Value);
        }

        if (query.Meter.IsGiven)
        {
            accounts = accounts.Where(account => account.Meter == query.Meter.Value);
        }

        return accounts;
    }

    private IQueryable<LedgerEntry> Entries(ListLedgerEntriesQuery query)
    {
        var entries = query switch
        {
            { AccountId: { IsGiven: true, Value: var account } } => db.EntriesOf(account),
            { UserId: { IsGiven: true, Value: var user } } => db.EntriesOfUser(user),
            _ => db.LedgerEntries,
        };
        if (query.Kind.IsGiven)
        {
            entries = entries.Where(entry => entry.Kind == query.Kind.Value);
        }

        if (query.RequestId.IsGiven)
        {
            entries = entries.Where(entry => entry.RequestId == query.RequestId.Value);
        }

        if (query.HoldId.IsGiven)
        {
            // Entries are found by their call, which the hold knows.
            var calls = db.Holds.Where(hold => hold.Id == query.HoldId.Value).Select(hold => hold.RequestId);
            entries = entries.Where(entry => entry.HoldId == query.HoldId.Value && calls.Contains(entry.RequestId));
        }

        if (query.From.IsGiven)
        {
            entries = entries.Where(entry => entry.CreatedAt >= query.From.Value);
        }

        return query.To.IsGiven ? entries.Where(entry => entry.CreatedAt < query.To.Value) : entries;
    }
}
