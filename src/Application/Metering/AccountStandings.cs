using AiPlatform.Domain.Metering;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Metering;

/// <summary>An account beside what its entries and its open holds add up to.</summary>
/// <param name="Account">The account.</param>
/// <param name="Summed">What its entries add up to.</param>
/// <param name="OpenHolds">What its open holds set aside.</param>
/// <param name="Numbers">The numbers of its entries.</param>
/// <param name="LastAvailable">What its last entry says can still be held.</param>
internal sealed record AccountStanding(LedgerAccount Account, AccountSums Summed, long OpenHolds, EntryNumbers Numbers, long LastAvailable)
{
    /// <summary>What the account itself says.</summary>
    public AccountSums Kept { get; } = new(Account.Granted, Account.Held, Account.Spent, Account.EntryCount);

    /// <summary>Whether its entries are other than numbered 1, 2, 3, … up to their count.</summary>
    public bool HasGap => Numbers != new EntryNumbers(Math.Min(1, Account.EntryCount), Account.EntryCount, Account.EntryCount)
        || Summed.Entries != Account.EntryCount;

    /// <summary>Whether anything does not fit.</summary>
    public bool Differs => Kept != Summed || HasGap || OpenHolds != Account.Held || LastAvailable != Account.Available;
}

/// <summary>The numbers of an account's entries.</summary>
/// <param name="First">The lowest; 0 where there is none.</param>
/// <param name="Last">The highest; 0 where there is none.</param>
/// <param name="Different">How many different ones there are.</param>
internal readonly record struct EntryNumbers(long First, long Last, long Different);

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
            row.Account, new AccountSums(row.Granted, row.Held, row.Spent, row.Entries), row.OpenHolds, row.Numbers, row.LastAvailable));
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
                First = own.Min(one => one.Entry.Sequence),
                Last = own.Max(one => one.Entry.Sequence),
                Different = own.Select(one => one.Entry.Sequence).Distinct().LongCount(),
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
                Numbers = new EntryNumbers((long?)sum.First ?? 0, (long?)sum.Last ?? 0, (long?)sum.Different ?? 0),
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

        public EntryNumbers Numbers { get; init; }

        public long OpenHolds { get; init; }

        public long LastAvailable { get; init; }
    }
}
