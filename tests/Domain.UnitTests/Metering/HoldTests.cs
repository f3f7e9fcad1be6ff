using AiPlatform.Domain.Metering;

namespace AiPlatform.Domain.UnitTests.Metering;

public sealed class HoldTests
{
    private static readonly DateTimeOffset Now = new(2025, 3, 5, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void Take_WhenTwoAccountsAreTouched_SetsFundsAsideOnBothAndCarriesTheCauseOnBothEntries()
    {
        var (hold, first, second) = Placed();

        Assert.That((first.Held, second.Held), Is.EqualTo((300L, 20L)));
        Assert.That(hold.Lines.Select(line => line.Amount), Is.EqualTo(new[] { 300, 20 }));
        Assert.That(hold.IsOpen, Is.True);
    }

    [Test]
    public void Take_WhenBooked_CarriesRequestHoldAndPrice()
    {
        var hold = NewHold();

        var entry = hold.Take(Account(1_000), 1, Now);

        Assert.That(
            (entry.RequestId, entry.HoldId, entry.PriceVersionId),
            Is.EqualTo((hold.RequestId, (Guid?)hold.Id, (Guid?)hold.PriceVersionId)));
    }

    [Test]
    public void Take_WhenAnAccountLacksFunds_ThrowsAndAddsNoLine()
    {
        var hold = NewHold();

        Assert.That(() => hold.Take(Account(5), 6, Now), Throws.InstanceOf<InvalidOperationException>());
        Assert.That(hold.Lines, Is.Empty);
    }

    [Test]
    public void Hold_WhenPlaced_ExpiresAfterItsLifetime() => Assert.That(NewHold().ExpiresAt, Is.EqualTo(Now.AddMinutes(15)));

    [Test]
    public void Dispatch_WhenHeld_NotesWhen()
    {
        var (hold, _, _) = Placed();

        hold.Dispatch(Now.AddSeconds(1));

        Assert.That((hold.State, hold.DispatchedAt), Is.EqualTo((HoldState.Dispatched, (DateTimeOffset?)Now.AddSeconds(1))));
        Assert.That(hold.IsOpen, Is.True);
    }

    [Test]
    public void Dispatch_WhenDispatchedAlready_Throws()
    {
        var (hold, _, _) = Placed();
        hold.Dispatch(Now);

        Assert.That(() => hold.Dispatch(Now), Throws.InstanceOf<InvalidOperationException>());
    }

    [Test]
    public void Take_WhenDispatchedAlready_Throws()
    {
        var (hold, first, _) = Placed();
        hold.Dispatch(Now);

        Assert.That(() => hold.Take(first, 1, Now), Throws.InstanceOf<InvalidOperationException>());
    }

    [Test]
    public void Capture_WhenDispatched_PaysEveryLineInFull()
    {
        var (hold, first, second) = Placed();
        hold.Dispatch(Now);

        var entries = hold.Capture(ById(first, second), delivered: null, Now);

        Assert.That((hold.State, hold.IsOpen, hold.SettledAt), Is.EqualTo((HoldState.Captured, false, (DateTimeOffset?)Now)));
        Assert.That((first.Held, first.Spent, second.Held, second.Spent), Is.EqualTo((0L, 300L, 0L, 20L)));
        Assert.That(entries.Select(entry => entry.Kind), Has.All.EqualTo(EntryKind.Capture));
    }

    [Test]
    public void Release_WhenOpen_GivesEveryLineBackWithItsReason()
    {
        var (hold, first, second) = Placed();

        hold.Release(ById(first, second), "provider_failed", Now);

        Assert.That((hold.State, hold.Reason), Is.EqualTo((HoldState.Released, "provider_failed")));
        Assert.That((first.Available, second.Available), Is.EqualTo((1_000L, 1_000L)));
    }

    [Test]
    public void Settling_WhenSettledAlready_ThrowsAndPaysNothingMore()
    {
        var (captured, first, second) = Placed();
        captured.Capture(ById(first, second), delivered: null, Now);

        Assert.That(() => captured.Capture(ById(first, second), delivered: null, Now), Throws.InstanceOf<InvalidOperationException>());
        Assert.That(() => captured.Release(ById(first, second), "late", Now), Throws.InstanceOf<InvalidOperationException>());
        Assert.That((first.Spent, second.Spent), Is.EqualTo((300L, 20L)));
    }

    [Test]
    public void Capture_WhenReleasedAlready_Throws()
    {
        var (hold, first, second) = Placed();
        hold.Release(ById(first, second), "cancelled", Now);

        Assert.That(() => hold.Capture(ById(first, second), delivered: null, Now), Throws.InstanceOf<InvalidOperationException>());
        Assert.That((first.Spent, second.Spent), Is.EqualTo((0L, 0L)));
    }

    [Test]
    public void Capture_WhenLessWasDeliveredThanHeld_PaysThatAndGivesTheRestBack()
    {
        var (hold, first, second) = Placed();

        hold.Capture(ById(first, second), new Dictionary<Meter, long> { [Meter.Credits] = 15 }, Now);

        Assert.That((first.Spent, second.Spent), Is.EqualTo((15L, 15L)));
        Assert.That((first.Available, second.Available), Is.EqualTo((985L, 985L)));
    }

    [Test]
    public void Capture_WhenMoreWasDeliveredThanHeld_PaysWhatIsHeldAndNoMore()
    {
        var (hold, first, second) = Placed();

        hold.Capture(ById(first, second), new Dictionary<Meter, long> { [Meter.Credits] = 5_000 }, Now);

        Assert.That((first.Spent, second.Spent), Is.EqualTo((300L, 20L)));
    }

    [Test]
    public void Dispute_WhenDispatched_KeepsTheFundsUntilAnAdministratorDecides()
    {
        var (hold, first, second) = Placed();
        hold.Dispatch(Now);
        hold.Dispute("no answer is known");

        Assert.That((first.Held, second.Held), Is.EqualTo((300L, 20L)));
        Assert.That(() => hold.Release(ById(first, second), "resolved", Now), Throws.Nothing);
    }

    [Test]
    public void Dispute_WhenNothingWasSent_Throws()
    {
        var (hold, _, _) = Placed();

        Assert.That(() => hold.Dispute("never sent"), Throws.InstanceOf<InvalidOperationException>());
    }

    [Test]
    public void Restore_WhenReadFromTheLedger_TakesItsOwnHoldEntriesOnly()
    {
        var (hold, account) = (NewHold(), Account(1_000));
        var own = hold.Take(account, 300, Now);
        var others = NewHold().Take(account, 7, Now);

        hold.Restore([own, others]);

        Assert.That(hold.Lines, Is.EqualTo(new[] { new HoldLine(account.Id, 300, hold.PriceVersionId) }));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Settling_WhenTheSecondAccountHoldsItNoLonger_ThrowsAndChangesNeither(bool captures)
    {
        var (hold, first, second) = Placed();
        second.Release(20, new EntryCause(hold.RequestId), Now);

        Assert.That(
            () => captures ? hold.Capture(ById(first, second), delivered: null, Now) : hold.Release(ById(first, second), "late", Now),
            Throws.InstanceOf<InvalidOperationException>());
        Assert.That((first.Held, first.Spent, first.EntryCount), Is.EqualTo((300L, 0L, 2L)));
        Assert.That(hold.IsOpen, Is.True);
    }

    private static Hold NewHold() =>
        new(
        Guid.CreateVersion7(Now),
        new HeldCall(Guid.CreateVersion7(Now), Guid.CreateVersion7(Now), "llm.gpt-4o"),
        Guid.CreateVersion7(Now),
        TimeSpan.FromMinutes(15),
        Now);

    private static (Hold Hold, LedgerAccount First, LedgerAccount Second) Placed()
    {
        var (hold, first, second) = (NewHold(), Account(1_000), Account(1_000));
        hold.Take(first, 300, Now);
        hold.Take(second, 20, Now);
        return (hold, first, second);
    }

    private static Dictionary<Guid, LedgerAccount> ById(params LedgerAccount[] accounts) => accounts.ToDictionary(account => account.Id);

    private static LedgerAccount Account(long granted)
    {
        var key = AccountKey.MonthlyCredits(Guid.CreateVersion7(Now), new CalendarMonth(new DateOnly(2025, 3, 1)));
        var account = new LedgerAccount(key, Now);
        account.Grant(granted, new EntryCause(Guid.CreateVersion7(Now)), Now);
        return account;
    }
}
