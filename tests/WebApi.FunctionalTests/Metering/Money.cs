using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

/// <summary>The ledger of a running platform, and what the database holds of it.</summary>
internal static class Money
{
    public static ILedger Ledger(TestPlatform platform) => platform.Services.GetRequiredService<ILedger>();

    public static ICallJournal Journal(TestPlatform platform) => platform.Services.GetRequiredService<ICallJournal>();

    /// <summary>An account that nobody else touches.</summary>
    public static AccountKey NewAccount() => AccountKey.MonthlyCredits(Unique.Id(), new CalendarMonth(new DateOnly(2025, 3, 1)));

    /// <summary>A hold for a call that is dispatched at once.</summary>
    public static HoldOrder Order(Guid requestId, params HoldOrderLine[] lines) =>
        new(new HeldCall(requestId, lines[0].Account.OwnerId, "made.by-a-test"), Unique.Id(), lines, Dispatched: true);

    public static AuditRecord Record(Guid requestId, string method = "POST", DateTimeOffset? startedAt = null) => new()
    {
        Id = requestId,
        StartedAt = startedAt ?? TimeProvider.System.GetUtcNow(),
        Method = method,
        Path = "/made-by-a-test",
        Status = 200,
        ElapsedMilliseconds = 1,
    };

    /// <summary>A hold whose call was sent and never closed, as the sweeper leaves it.</summary>
    public static async Task<Guid> DisputedAsync(TestPlatform platform, params HoldOrderLine[] lines)
    {
        var order = Order(Unique.Id(), lines.Length > 0 ? lines : [new HoldOrderLine(NewAccount(), 10_000, 1_000)]);
        var decision = await Ledger(platform).PlaceHoldAsync(order, CancellationToken.None);
        var holdId = decision.HoldId!.Value;
        await platform.QueryAsync(db => db.Set<Hold>().Where(hold => hold.Id == holdId).ExecuteUpdateAsync(change => change
            .SetProperty(hold => hold.State, HoldState.Disputed)
            .SetProperty(hold => hold.Reason, "expired after it was sent; what was delivered is unknown")));
        return holdId;
    }

    /// <summary>An account with its entries in order.</summary>
    public static Task<(LedgerAccount Account, IReadOnlyList<LedgerEntry> Entries)> StoredAsync(TestPlatform platform, AccountKey key) =>
        platform.QueryAsync(async db =>
        {
            var account = await db.Set<LedgerAccount>().AsNoTracking()
                .SingleAsync(row => row.OwnerId == key.OwnerId && row.Period == key.Period);
            var entries = await db.Set<LedgerEntry>().AsNoTracking()
                .Where(entry => entry.AccountId == account.Id).OrderBy(entry => entry.Sequence).ToListAsync();
            return (account, (IReadOnlyList<LedgerEntry>)entries);
        });

    /// <summary>Every invariant that holds at any time, over every account of the platform.</summary>
    public static Task AssertBooksBalanceAsync(TestPlatform platform) =>
        platform.QueryAsync(async db =>
        {
            await AssertBooksBalanceAsync(db);
            return true;
        });

    /// <summary>Every invariant that holds at any time, over every account of a database.</summary>
    public static async Task AssertBooksBalanceAsync(AppDbContext db)
    {
        var accounts = await db.Set<LedgerAccount>().AsNoTracking().ToListAsync();
        var entries = await db.Set<LedgerEntry>().AsNoTracking().ToListAsync();
        var open = await db.Set<Hold>().AsNoTracking()
            .Where(hold => hold.State != HoldState.Captured && hold.State != HoldState.Released)
            .Select(hold => hold.Id).ToListAsync();
        Assert.That(accounts, Is.Not.Empty);
        var byAccount = entries.ToLookup(entry => entry.AccountId);
        foreach (var account in accounts)
        {
            var own = byAccount[account.Id].OrderBy(entry => entry.Sequence).ToList();
            Assert.That(own.Sum(entry => entry.GrantedDelta), Is.EqualTo(account.Granted));
            Assert.That(own.Sum(entry => entry.HeldDelta), Is.EqualTo(account.Held));
            Assert.That(own.Sum(entry => entry.SpentDelta), Is.EqualTo(account.Spent));
            Assert.That(own.Select(entry => entry.Sequence), Is.EqualTo(Enumerable.Range(1, own.Count)));
            Assert.That(own[^1].AvailableAfter, Is.EqualTo(account.Available).And.GreaterThanOrEqualTo(0));
            Assert.That(
                own.Where(entry => entry.HoldId is { } hold && open.Contains(hold)).Sum(entry => entry.HeldDelta), Is.EqualTo(account.Held));
        }
    }
}
