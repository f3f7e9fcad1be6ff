using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Operations;
using AiPlatform.Domain.Shared;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.WebApi.FunctionalTests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

/// <summary>What happens around the journal: its neighbours, its end, and the calls that never close.</summary>
[TestFixtureSource(typeof(Databases), nameof(Databases.All))]
[Parallelizable(ParallelScope.All)]
public sealed class JournalTests(DatabaseProvider database)
{
    [Test]
    public async Task Close_WhenANeighbourInTheBatchIsRefused_IsCommittedAllTheSame()
    {
        await using var platform = await TestPlatform.StartAsync(database);
        var journal = platform.Services.GetRequiredService<ICallJournal>();
        var taken = Record(NewId());
        await journal.CloseAsync(taken, null, CancellationToken.None);

        var good = Enumerable.Range(0, 60).Select(_ => Record(NewId())).ToList();
        var closes = good.ConvertAll(record => journal.CloseAsync(record, null, CancellationToken.None));
        var poisoned = journal.CloseAsync(Record(taken.Id), new Settlement.Capture(NewId()), CancellationToken.None);
        closes.AddRange(Enumerable.Range(0, 3).Select(_ => journal.CloseAsync(Record(NewId()), null, CancellationToken.None)));

        Assert.That(async () => await poisoned, Throws.Exception);
        Assert.That(async () => await Task.WhenAll(closes), Throws.Nothing);
        var ids = good.ConvertAll(record => record.Id);
        Assert.That(await platform.QueryAsync(db => db.Set<AuditRecord>().CountAsync(record => ids.Contains(record.Id))), Is.EqualTo(60));
    }

    [Test]
    public async Task Stop_WhenStepsWait_CommitsThemAllAndTakesNoMore()
    {
        await using var platform = await TestPlatform.StartAsync(database);
        var ledger = platform.Services.GetRequiredService<ILedger>();
        var account = NewAccount();
        var waiting = Enumerable.Range(0, 300).Select(_ => ledger.PlaceHoldAsync(Order(account), CancellationToken.None)).ToList();

        await Task.WhenAll(platform.Services.GetServices<IHostedService>().Reverse().Select(service => service.StopAsync(CancellationToken.None)));

        var decisions = await Task.WhenAll(waiting);
        Assert.That(decisions, Has.All.Matches<HoldDecision>(decision => decision.HoldId is not null));
        Assert.That(
            async () => await ledger.PlaceHoldAsync(Order(account), CancellationToken.None),
            Throws.InstanceOf<RefusedException>().With.Property(nameof(RefusedException.Error)).Property(nameof(Error.Kind)).EqualTo(ErrorKind.Unavailable));
    }

    [Test]
    public async Task Sweep_WhenAHoldExpiredBeforeItWasSent_GivesItBack()
    {
        await using var platform = await TestPlatform.StartAsync(database, ("Metering:SweepInterval", "00:00:01"));

        var hold = await ExpireAsync(platform, dispatched: false);

        var account = await AccountAsync(platform, hold.UserId);
        Assert.That(hold.State, Is.EqualTo(HoldState.Released));
        Assert.That((account.Held, account.Spent, account.Available), Is.EqualTo((0L, 0L, 1_000_000L)));
    }

    [Test]
    public async Task Sweep_WhenAHoldExpiredAfterItWasSent_LeavesItToAnAdministratorWithItsEvidence()
    {
        await using var platform = await TestPlatform.StartAsync(database, ("Metering:SweepInterval", "00:00:01"));

        var hold = await ExpireAsync(platform, dispatched: true);

        var account = await AccountAsync(platform, hold.UserId);
        Assert.That((hold.State, hold.RouteKey), Is.EqualTo((HoldState.Disputed, "test.route")));
        Assert.That(hold.DispatchedAt, Is.Not.Null);
        Assert.That((account.Held, account.Spent), Is.EqualTo((1_000L, 0L)));
    }

    [Test]
    public async Task Sweep_WhenOneHoldCannotBeResolved_ResolvesThoseThatExpiredAfterIt()
    {
        await using var platform = await TestPlatform.StartAsync(database, ("Metering:SweepInterval", "01:00:00"));
        var (damaged, whole) = (NewAccount(), NewAccount());
        foreach (var account in (AccountKey[])[damaged, whole])
        {
            await platform.Services.GetRequiredService<ILedger>().PlaceHoldAsync(Order(account) with { Dispatched = false }, CancellationToken.None);
        }

        await platform.QueryAsync(db => db.Set<LedgerAccount>().Where(account => account.OwnerId == damaged.OwnerId)
            .ExecuteUpdateAsync(change => change.SetProperty(account => account.Held, 0)));
        platform.Clock.Advance(TimeSpan.FromHours(1));
        await platform.Services.GetRequiredService<IExpiredHolds>().ResolveAsync(CancellationToken.None);

        Assert.That((await AccountAsync(platform, whole.OwnerId)).Held, Is.Zero);
        Assert.That(platform.Log.Text, Does.Contain("could not be resolved"));
    }

    [Test]
    public async Task Capture_WhenMoreWasDeliveredThanHeld_ChargesTheHoldAndBooksTheRestAsThePlatformsLoss()
    {
        await using var platform = await TestPlatform.StartAsync(database);
        var account = NewAccount();
        var decision = await platform.Services.GetRequiredService<ILedger>().PlaceHoldAsync(Order(account), CancellationToken.None);

        var record = Record(NewId());
        await platform.Services.GetRequiredService<ICallJournal>().CloseAsync(
            record,
            new Settlement.Capture(decision.HoldId!.Value, new Dictionary<Meter, long> { [Meter.Credits] = 2_500 }),
            CancellationToken.None);

        var stored = await AccountAsync(platform, account.OwnerId);
        var loss = await platform.QueryAsync(db => db.Set<PlatformLoss>().SingleAsync(loss => loss.HoldId == decision.HoldId));
        Assert.That((stored.Held, stored.Spent, record.Charged), Is.EqualTo((0L, 1_000L, 1_000L)));
        Assert.That((loss.Meter, loss.Amount), Is.EqualTo((Meter.Credits, 1_500L)));
    }

    private static Guid NewId() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    private static AccountKey NewAccount() => AccountKey.MonthlyCredits(NewId(), new CalendarMonth(new DateOnly(2025, 3, 1)));

    private static HoldOrder Order(AccountKey account, bool dispatched = true) => new(
        new HeldCall(NewId(), account.OwnerId, "test.route"), NewId(), [new HoldOrderLine(account, 1_000_000, 1_000)], dispatched);

    private static AuditRecord Record(Guid id) => new()
    {
        Id = id,
        StartedAt = TimeProvider.System.GetUtcNow(),
        Method = "POST",
        Path = "/made-by-a-test",
        Status = 200,
        ElapsedMilliseconds = 1,
    };

    private static Task<LedgerAccount> AccountAsync(TestPlatform platform, Guid ownerId) =>
        platform.QueryAsync(db => db.Set<LedgerAccount>().AsNoTracking().SingleAsync(account => account.OwnerId == ownerId));

    /// <summary>Places a hold, lets it expire, and waits until the sweeper has been there.</summary>
    private static async Task<Hold> ExpireAsync(TestPlatform platform, bool dispatched)
    {
        var decision = await platform.Services.GetRequiredService<ILedger>()
            .PlaceHoldAsync(Order(NewAccount(), dispatched), CancellationToken.None);
        platform.Clock.Advance(TimeSpan.FromMinutes(16));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var hold = await platform.QueryAsync(db => db.Set<Hold>().AsNoTracking().SingleAsync(hold => hold.Id == decision.HoldId));
            if (hold.State is not (HoldState.Held or HoldState.Dispatched))
            {
                return hold;
            }

            await Task.Delay(100, patience.Token);
        }
    }
}
