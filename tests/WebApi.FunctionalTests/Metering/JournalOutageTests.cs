using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

/// <summary>What becomes of steps whose server goes away while it commits them, or is out of reach for a while.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class JournalOutageTests
{
    // Accounts can be changed meanwhile; nothing can be booked.
    private const string Entries = "LOCK TABLE ledger_entries IN SHARE MODE";

    [Test]
    public async Task Grant_WhenTheServerEndsEveryConnectionAgainAndAgain_IsBookedOnce()
    {
        await using var platform = await TestPlatform.StartAsync(DatabaseProvider.PostgreSql);
        var account = await OpenAsync(platform, 100);
        Task<AccountBalance?> granting;
        await using (await HeldUpServer.HoldUpAsync(platform.ConnectionString, Entries))
        {
            granting = GrantAsync(platform, account, 50);
            for (var time = 1; time <= 3; time++)
            {
                await HeldUpServer.WaitAsync(platform.ConnectionString, 1);
                await HeldUpServer.EndOthersAsync(platform.ConnectionString);
            }
        }

        Assert.That((await granting.WaitAsync(TimeSpan.FromSeconds(30)))!.Available, Is.EqualTo(150));
        await AssertBookedOnceAsync(platform, account);
    }

    [Test]
    public async Task Grant_WhenItIsTriedAnewWhileTheServerIsCommittingIt_IsBookedOnce()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql);
        await using var cutter = new CommitCutter(database.ConnectionString);
        await using var platform = await StartAsync(cutter);
        var account = await OpenAsync(platform, 100);

        var granting = await CutWhileCommittingAsync(database, cutter, () => GrantAsync(platform, account, 50));

        Assert.That((await granting.WaitAsync(TimeSpan.FromSeconds(30)))!.Available, Is.EqualTo(150));
        await AssertBookedOnceAsync(platform, account);
    }

    [Test]
    public async Task PlaceHold_WhenItIsTriedAnewWhileTheServerIsCommittingIt_IsToldOfTheHoldThatThereIs()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql);
        await using var cutter = new CommitCutter(database.ConnectionString);
        await using var platform = await StartAsync(cutter);
        var account = await OpenAsync(platform, 100);

        var placing = await CutWhileCommittingAsync(database, cutter, () => HoldAsync(platform, account, 10));

        var holdId = (await placing.WaitAsync(TimeSpan.FromSeconds(30))).HoldId;
        var stored = await Money.StoredAsync(platform, account);
        Assert.That((stored.Account.Held, stored.Entries[^1].HoldId), Is.EqualTo((10L, holdId)));
        await Money.AssertBooksBalanceAsync(platform);
    }

    [Test]
    public async Task PlaceHold_WhenAnOutageFollowsOneThatLastedTooLong_IsGivenTimeOfItsOwn()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql);
        await using var cutter = new CommitCutter(database.ConnectionString);
        await using var platform = await StartAsync(cutter, ("Metering:OutagePatience", "00:00:02"));
        var account = await OpenAsync(platform, 100);
        await cutter.CutConnectionsAsync();
        Assert.That(async () => await HoldAsync(platform, account, 10), Throws.Exception);
        Assert.That(async () => await HoldAsync(platform, account, 10), Throws.Exception);
        cutter.Mend();
        Assert.That((await HoldAsync(platform, account, 10)).HoldId, Is.Not.Null);

        await cutter.CutConnectionsAsync();
        var placing = HoldAsync(platform, account, 10);
        await Task.Delay(TimeSpan.FromMilliseconds(500));
        cutter.Mend();

        Assert.That((await placing.WaitAsync(TimeSpan.FromSeconds(30))).HoldId, Is.Not.Null);
        Assert.That((await Money.StoredAsync(platform, account)).Account.Held, Is.EqualTo(20));
        await Money.AssertBooksBalanceAsync(platform);
    }

    [Test]
    public async Task Regrant_WhenItsCommitIsCutOffAndAnotherProcessSetsALaterLimitThen_LeavesTheLaterOne()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql);
        await using var cutter = new CommitCutter(database.ConnectionString);
        await using var platform = await StartAsync(cutter);
        await using var other = await TestPlatform.StartAsync(DatabaseProvider.PostgreSql, ("ConnectionStrings:Default", database.ConnectionString));
        var account = await OpenAsync(other, 100);
        cutter.WhenDurable = () => RegrantAsync(other, 300);

        cutter.CutCommit(1);
        await RegrantAsync(platform, 200);

        Assert.That(((await Money.StoredAsync(platform, account)).Account.Granted, cutter.Cut), Is.EqualTo((300L, 1)));
        await Money.AssertBooksBalanceAsync(platform);

        Task<AccountBalance> RegrantAsync(TestPlatform by, long granted) =>
            Money.Ledger(by).RegrantAsync(account, granted, new AccountOrder(Unique.Id(), Unique.Id(), null), CancellationToken.None);
    }

    private static Task<TestPlatform> StartAsync(CommitCutter cutter, params (string Key, string? Value)[] settings) =>
        TestPlatform.StartAsync(DatabaseProvider.PostgreSql, [("ConnectionStrings:Default", cutter.ConnectionString), .. settings]);

    private static async Task<AccountKey> OpenAsync(TestPlatform platform, long granted)
    {
        var account = Money.NewAccount();
        await Money.Ledger(platform).OpenAsync(account, granted, Unique.Id(), CancellationToken.None);
        return account;
    }

    private static Task<AccountBalance?> GrantAsync(TestPlatform platform, AccountKey account, long amount) =>
        Money.Ledger(platform).GrantAsync(account, 0, amount, new AccountOrder(Unique.Id(), Unique.Id(), null), CancellationToken.None);

    private static Task<HoldDecision> HoldAsync(TestPlatform platform, AccountKey account, long amount) =>
        Money.Ledger(platform).PlaceHoldAsync(Money.Order(Unique.Id(), new HoldOrderLine(account, 0, amount)), CancellationToken.None);

    private static async Task AssertBookedOnceAsync(TestPlatform platform, AccountKey account)
    {
        var stored = await Money.StoredAsync(platform, account);
        Assert.That((stored.Account.Granted, stored.Entries.Count(entry => entry.ActorId is not null)), Is.EqualTo((150L, 1)));
        await Money.AssertBooksBalanceAsync(platform);
    }

    /// <summary>Cuts the platform off while the server is at a step's commit, and lets the server end it when the platform tries again.</summary>
    private static async Task<Task<T>> CutWhileCommittingAsync<T>(TestDatabase database, CommitCutter cutter, Func<Task<T>> takeStep)
    {
        await using var held = await HeldUpServer.HoldUpAsync(database.ConnectionString, Entries);
        var taking = takeStep();
        await HeldUpServer.WaitAsync(database.ConnectionString, 1);
        await cutter.CutConnectionsAsync();
        cutter.Mend();
        await HeldUpServer.WaitAsync(database.ConnectionString, 2);
        return taking;
    }
}
