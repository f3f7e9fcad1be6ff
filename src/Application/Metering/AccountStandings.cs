using AiPlatform.Domain.Metering;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Metering;

/// <summary>An account beside what its entries and its open holds add up to.</summary>
/// <param name="Account">The account.</param>
/// <param name="Summed">What its entries add up to.</param>
/// <param name="OpenHolds">What its open holds set aside.</param>
/// <param name="LastSequence">The number of its last entry.</param>
/// <param name="LastAvailable">What its last entry says can still be held.</param>
internal sealed record AccountStanding(LedgerAccount Account, AccountSums Summed, long OpenHolds, long LastSequence, long LastAvailable)
{
    /// <summary>What the account itself says.</summary>
    public AccountSums Kept { get; } = new(Account.Granted, Account.Held, Account.Spent, Account.EntryCount);

    /// <summary>Whether an entry is missing.</summary>
    public bool HasGap => Summed.Entries != LastSequence || LastSequence < Account.EntryCount;

    /// <summary>Whether anything does not fit.</summary>
    public bool Differs => Kept != Summed || HasGap || OpenHolds != Account.Held || LastAvailable != Account.Available;
}

internal static class AccountStandings
{
    /// <summary>
    /// Reads accounts in the order of their ids. Accounts, entries and holds are read by one statement, which sees one state of
    /// the database: a call that runs meanwhile is in all of them or in none.
    /// </summary>
    /// <param name="db">The tables.</param>
    /// <param name="after">The account after which to begin.</param>
    /// <param name="most">Most accounts to read.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<List<AccountStanding>> ReadStandingsAsync(
        this IMeteringDb db, Guid? after, int most, CancellationToken cancellationToken)
    {
        var rest = after is { } previous ? db.LedgerAccounts.Where(account => account.Id.CompareTo(previous) > 0) : db.LedgerAccounts;
        var ids = await rest.OrderBy(account => account.Id).Take(most).Select(account => account.Id).ToListAsync(cancellationToken);
        if (ids.Count == 0)
        {
            return [];
        }

        var rows = await Sums(db, ids[0], ids[^1]).ToListAsync(cancellationToken);
        return rows.ConvertAll(row => new AccountStanding(
            row.Account, new AccountSums(row.Granted, row.Held, row.Spent, row.Entries), row.OpenHolds, row.LastSequence, row.LastAvailable));
    }

    private static IQueryable<Row> Sums(IMeteringDb db, Guid first, Guid last)
    {
        var accounts = db.LedgerAccounts.Where(account => account.Id.CompareTo(first) >= 0 && account.Id.CompareTo(last) <= 0);
        var entries = db.EntriesBetween(first, last);
        var sums =
            from entry in entries
            join account in accounts on entry.AccountId equals account.Id
            group new { Entry = entry, IsLast = entry.Sequence == account.EntryCount } by entry.AccountId into own
            select new
            {
                AccountId = own.Key,
                Granted = own.Sum(one => one.Entry.GrantedDelta),
                Held = own.Sum(one => one.Entry.HeldDelta),
                Spent = own.Sum(one => one.Entry.SpentDelta),
                Entries = own.LongCount(),
                LastSequence = own.Max(one => one.Entry.Sequence),
                LastAvailable = own.Sum(one => one.IsLast ? one.Entry.AvailableAfter : 0),
            };
        var open =
            from entry in entries
            join hold in db.Holds on entry.HoldId equals hold.Id
            where entry.Kind == EntryKind.Hold && hold.State != HoldState.Captured && hold.State != HoldState.Released
            group entry by entry.AccountId into own
            select new { AccountId = own.Key, Held = own.Sum(entry => entry.HeldDelta) };
        return
            from account in accounts
            join found in sums on account.Id equals found.AccountId into summed
            from sum in summed.DefaultIfEmpty()
            join found in open on account.Id equals found.AccountId into held
            from hold in held.DefaultIfEmpty()
            orderby account.Id
            select new Row
            {
                Account = account,
                Granted = (long?)sum.Granted ?? 0,
                Held = (long?)sum.Held ?? 0,
                Spent = (long?)sum.Spent ?? 0,
                Entries = (long?)sum.Entries ?? 0,
                LastSequence = (long?)sum.LastSequence ?? 0,
                OpenHolds = (long?)hold.Held ?? 0,
                LastAvailable = (long?)sum.LastAvailable ?? 0,
            };
    }

    private sealed class Row
    {
        public required LedgerAccount Account { get; init; }

        public long Granted { get; init; }

        public long Held { get; init; }

        public long Spent { get; init; }

        public long Entries { get; init; }

        public long LastSequence { get; init; }

        public long OpenHolds { get; init; }

        public long LastAvailable { get; init; }
    }
}
