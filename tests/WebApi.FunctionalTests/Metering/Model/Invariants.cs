using System.Globalization;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Metering.Model;

/// <summary>
/// Compares the database with the reference after every step: every account and every hold as a whole, every entry once when
/// it is new and from then on by the sums that it is part of.
/// </summary>
internal sealed class Invariants(ModelledLedger real, ReferenceLedger reference)
{
    private readonly Dictionary<Guid, (long Sequence, long Available)> _seen = [];

    public async Task AssertAsync(string story)
    {
        await using var db = real.Open();
        var accounts = await db.Set<LedgerAccount>().AsNoTracking().ToListAsync();
        AssertSame(accounts.ToDictionary(account => account.Key, Describe), reference.Accounts.ToDictionary(pair => pair.Key, pair => Describe(pair.Key, pair.Value)), story);
        await AssertSumsAsync(db, accounts, story);
        await AssertNewEntriesAsync(db, accounts, story);
        await AssertHoldsAsync(db, story);
        Assert.That(await db.Set<Domain.Operations.AuditRecord>().CountAsync(), Is.EqualTo(reference.Records), story);
        var losses = await db.Set<PlatformLoss>().GroupBy(loss => loss.Meter).ToDictionaryAsync(own => own.Key, own => own.Sum(loss => loss.Amount));
        AssertSame(losses, reference.Losses, story);
    }

    /// <summary>Available is never below zero, the entries add up to the balances, their sequence has no gap.</summary>
    private static async Task AssertSumsAsync(AppDbContext db, List<LedgerAccount> accounts, string story)
    {
        var sums = await db.Set<LedgerEntry>().GroupBy(entry => entry.AccountId)
            .Select(own => new
            {
                own.Key,
                Granted = own.Sum(entry => entry.GrantedDelta),
                Held = own.Sum(entry => entry.HeldDelta),
                Spent = own.Sum(entry => entry.SpentDelta),
                Count = own.LongCount(),
                First = own.Min(entry => entry.Sequence),
                Last = own.Max(entry => entry.Sequence),
            })
            .ToDictionaryAsync(own => own.Key);
        foreach (var account in accounts)
        {
            var own = sums[account.Id];
            if (account.Available < 0
                || (own.Granted, own.Held, own.Spent) != (account.Granted, account.Held, account.Spent)
                || (own.First, own.Last, own.Count) != (1, account.EntryCount, account.EntryCount))
            {
                Assert.Fail($"{Describe(account)}, but its entries are {own}.{Environment.NewLine}{story}");
            }
        }
    }

    /// <summary>Each entry follows the one before it, and says what could be spent after it.</summary>
    private async Task AssertNewEntriesAsync(AppDbContext db, List<LedgerAccount> accounts, string story)
    {
        foreach (var account in accounts)
        {
            var (sequence, available) = _seen.GetValueOrDefault(account.Id);
            if (sequence == account.EntryCount)
            {
                continue;
            }

            var entries = await db.Set<LedgerEntry>().AsNoTracking()
                .Where(entry => entry.AccountId == account.Id && entry.Sequence > sequence).OrderBy(entry => entry.Sequence).ToListAsync();
            foreach (var entry in entries)
            {
                available += entry.GrantedDelta - entry.HeldDelta - entry.SpentDelta;
                Assert.That((entry.Sequence, entry.AvailableAfter), Is.EqualTo((++sequence, available)), story);
                Assert.That(available, Is.GreaterThanOrEqualTo(0), story);
            }

            Assert.That((sequence, available), Is.EqualTo((account.EntryCount, account.Available)), story);
            _seen[account.Id] = (sequence, available);
        }
    }

    /// <summary>Every hold is in the state of the reference; the funds set aside are those of the open ones, on all of their accounts.</summary>
    private async Task AssertHoldsAsync(AppDbContext db, string story)
    {
        var states = await db.Set<Hold>().AsNoTracking().Select(hold => new { hold.Id, hold.State }).ToDictionaryAsync(hold => hold.Id, hold => hold.State);
        AssertSame(states, reference.Holds.ToDictionary(pair => pair.Key, pair => pair.Value.State), story);
        var aside = reference.Holds.Values.Where(hold => hold.IsOpen).SelectMany(hold => hold.Lines).ToLookup(line => line.Account, line => line.Amount);
        foreach (var (key, account) in reference.Accounts)
        {
            if (aside[key].Sum() != account.Held)
            {
                Assert.Fail($"{Describe(key, account)}, but its open holds are {aside[key].Sum()}.{Environment.NewLine}{story}");
            }
        }
    }

    // Collections of hundreds, compared a thousand times: NUnit's own comparison takes longer than the ledger does.
    private static void AssertSame<TKey, TValue>(Dictionary<TKey, TValue> actual, Dictionary<TKey, TValue> expected, string story)
        where TKey : notnull
    {
        Assert.That(actual, Has.Count.EqualTo(expected.Count), story);
        foreach (var (key, value) in expected)
        {
            if (!actual.TryGetValue(key, out var found) || !Equals(found, value))
            {
                Assert.That(found, Is.EqualTo(value), $"{key}{Environment.NewLine}{story}");
            }
        }
    }

    private static string Describe(LedgerAccount account) =>
        Describe(account.Key, account.Granted, account.Held, account.Spent, account.EntryCount);

    private static string Describe(AccountKey key, ReferenceAccount account) =>
        Describe(key, account.Granted, account.Held, account.Spent, account.Entries);

    private static string Describe(AccountKey key, long granted, long held, long spent, long entries) => string.Create(
        CultureInfo.InvariantCulture,
        $"{key.OwnerId} {key.Meter} {key.Period}: granted {granted}, held {held}, spent {spent}, {entries} entries");
}
