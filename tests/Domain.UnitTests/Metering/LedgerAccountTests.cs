using AiPlatform.Domain.Metering;

namespace AiPlatform.Domain.UnitTests.Metering;

public sealed class LedgerAccountTests
{
    private static readonly DateTimeOffset Now = new(2025, 3, 5, 12, 0, 0, TimeSpan.Zero);

    private static readonly EntryCause Cause = new(Guid.CreateVersion7(Now));

    [Test]
    public void Account_WhenOpened_IsEmptyAndNew()
    {
        var account = Account();

        Assert.That((account.Granted, account.Held, account.Spent, account.Available), Is.EqualTo((0L, 0L, 0L, 0L)));
        Assert.That(account.IsNew, Is.True);
    }

    [Test]
    public void Grant_WhenBooked_CanBeSpentAndEndsTheNewness()
    {
        var account = Account();

        var entry = account.Grant(5_000, Cause, Now);

        Assert.That(account.Available, Is.EqualTo(5_000));
        Assert.That(account.IsNew, Is.False);
        Assert.That((entry.Kind, entry.GrantedDelta, entry.HeldDelta, entry.SpentDelta), Is.EqualTo((EntryKind.Grant, 5_000L, 0L, 0L)));
        Assert.That((entry.Sequence, entry.AvailableAfter), Is.EqualTo((1L, 5_000L)));
    }

    [Test]
    public void Grant_WhenZero_IsBookedAllTheSame() => Assert.That(Account().Grant(0, Cause, Now).Sequence, Is.EqualTo(1));

    [Test]
    public void Grant_WhenNegative_IsRefused() =>
        Assert.That(() => Account().Grant(-1, Cause, Now), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [TestCase(0, true)]
    [TestCase(999, true)]
    [TestCase(1_000, true)]
    [TestCase(1_001, false)]
    [TestCase(long.MaxValue, false)]
    public void CanHold_WhenAThousandIsAvailable_IsTrueUpToAThousand(long amount, bool expected) =>
        Assert.That(Account(granted: 1_000).CanHold(amount), Is.EqualTo(expected));

    [Test]
    public void Hold_WhenExactlyEverythingIsHeld_LeavesNothing()
    {
        var account = Account(granted: 1_000);

        account.Hold(1_000, Cause, Now);

        Assert.That((account.Held, account.Available), Is.EqualTo((1_000L, 0L)));
    }

    [TestCase(1_001)]
    [TestCase(long.MaxValue)]
    public void Hold_WhenMoreThanAvailable_ThrowsAndChangesNothing(long amount)
    {
        var account = Account(granted: 1_000);

        Assert.That(() => account.Hold(amount, Cause, Now), Throws.InstanceOf<InvalidOperationException>());
        Assert.That((account.Granted, account.Held, account.Spent, account.EntryCount), Is.EqualTo((1_000L, 0L, 0L, 1L)));
    }

    [TestCase(0)]
    [TestCase(-1)]
    public void Hold_WhenNotPositive_IsRefused(long amount) =>
        Assert.That(() => Account(granted: 1_000).Hold(amount, Cause, Now), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [TestCase(0, 1_000)]
    [TestCase(400, 600)]
    [TestCase(1_000, 0)]
    public void Capture_WhenPartOfAHoldIsPaid_GivesTheRestBack(long paid, long available)
    {
        var account = Account(granted: 1_000);
        account.Hold(1_000, Cause, Now);

        var entry = account.Capture(1_000, paid, Cause, Now);

        Assert.That((account.Held, account.Spent, account.Available), Is.EqualTo((0L, paid, available)));
        Assert.That((entry.HeldDelta, entry.SpentDelta, entry.AvailableAfter), Is.EqualTo((-1_000L, paid, available)));
    }

    [TestCase(100, 101)]
    [TestCase(100, -1)]
    public void Capture_WhenMoreThanTheHoldOrLessThanNothing_IsRefused(long held, long paid)
    {
        var account = Account(granted: 1_000);
        account.Hold(held, Cause, Now);

        Assert.That(() => account.Capture(held, paid, Cause, Now), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Capture_WhenNothingIsHeld_Throws() =>
        Assert.That(() => Account(granted: 1_000).Capture(100, 100, Cause, Now), Throws.InstanceOf<InvalidOperationException>());

    [Test]
    public void Release_WhenAHoldIsGivenBack_RestoresWhatWasAvailable()
    {
        var account = Account(granted: 1_000);
        account.Hold(700, Cause, Now);

        account.Release(700, Cause, Now);

        Assert.That((account.Held, account.Spent, account.Available), Is.EqualTo((0L, 0L, 1_000L)));
    }

    [Test]
    public void Release_WhenNothingIsHeld_Throws() =>
        Assert.That(() => Account(granted: 1_000).Release(1, Cause, Now), Throws.InstanceOf<InvalidOperationException>());

    [TestCase(0, -600)]
    [TestCase(600, 0)]
    [TestCase(5_000, 4_400)]
    public void AdjustTo_WhenFundsAreHeldAndSpent_MakesExactlyThatAvailable(long available, long delta)
    {
        var account = Account(granted: 1_000);
        account.Hold(100, Cause, Now);
        account.Hold(300, Cause, Now);
        account.Capture(300, 300, Cause, Now);

        var entry = account.AdjustTo(available, Cause with { ActorId = Cause.RequestId }, Now);

        Assert.That((account.Available, account.Held, account.Spent), Is.EqualTo((available, 100L, 300L)));
        Assert.That((entry.Kind, entry.GrantedDelta, entry.ActorId), Is.EqualTo((EntryKind.Adjust, delta, (Guid?)Cause.RequestId)));
    }

    [Test]
    public void AdjustTo_WhenNegative_IsRefused() =>
        Assert.That(() => Account(granted: 1).AdjustTo(-1, Cause, Now), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void Grant_WhenTheSumOverflows_ThrowsAndChangesNothing()
    {
        var account = Account(granted: long.MaxValue);

        Assert.That(() => account.Grant(1, Cause, Now), Throws.InstanceOf<OverflowException>());
        Assert.That((account.Granted, account.EntryCount), Is.EqualTo((long.MaxValue, 1L)));
    }

    [Test]
    public void Entries_WhenManyAreBooked_AreNumberedWithoutGapsAndSumToTheAccount()
    {
        var account = Account();
        LedgerEntry[] entries =
        [
            account.Grant(1_000, Cause, Now),
            account.Hold(300, Cause, Now),
            account.Hold(200, Cause, Now),
            account.Capture(300, 250, Cause, Now),
            account.Release(200, Cause, Now),
            account.AdjustTo(10, Cause, Now),
        ];

        Assert.That(entries.Select(entry => entry.Sequence), Is.EqualTo(new[] { 1, 2, 3, 4, 5, 6 }));
        Assert.That(entries.Sum(entry => entry.GrantedDelta), Is.EqualTo(account.Granted));
        Assert.That(entries.Sum(entry => entry.HeldDelta), Is.EqualTo(account.Held));
        Assert.That(entries.Sum(entry => entry.SpentDelta), Is.EqualTo(account.Spent));
        Assert.That(entries[^1].AvailableAfter, Is.EqualTo(account.Available));
    }

    [Test]
    public void CanGrant_WhenTheAccountWouldHoldMoreThanAnyCan_IsFalse()
    {
        var account = Account(granted: LedgerAccount.MaxGranted - 5);

        Assert.That((account.CanGrant(5), account.CanGrant(6)), Is.EqualTo((true, false)));
    }

    [TestCase(500, 0, 0, 500)]
    [TestCase(2_000, 300, 200, 2_000)]
    [TestCase(500, 300, 200, 500)]
    [TestCase(499, 300, 200, 500)]
    [TestCase(0, 300, 200, 500)]
    public void Regrant_WhenTheLimitChanges_GrantsThatButNeverLessThanIsHeldAndSpent(long limit, long held, long spent, long granted)
    {
        var account = Account(granted: 1_000);
        if (held > 0)
        {
            account.Hold(held + spent, Cause, Now);
            account.Capture(spent, spent, Cause, Now);
        }

        var entry = account.Regrant(limit, Cause, Now);

        Assert.That((account.Granted, account.Held, account.Spent), Is.EqualTo((granted, held, spent)));
        Assert.That((entry!.Kind, entry.GrantedDelta), Is.EqualTo((EntryKind.Adjust, granted - 1_000)));
    }

    [Test]
    public void Regrant_WhenNothingChanges_BooksNothing()
    {
        var account = Account(granted: 1_000);

        Assert.That(account.Regrant(1_000, Cause, Now), Is.Null);
        Assert.That(account.EntryCount, Is.EqualTo(1));
    }

    [Test]
    public void Expire_WhenSomethingIsHeld_TakesBackTheRestAndTheHoldIsPaidAllTheSame()
    {
        var account = Account(granted: 1_000);
        account.Hold(300, Cause, Now);

        var entry = account.Expire(Cause, Now);
        account.Capture(300, 100, Cause, Now);

        Assert.That((entry!.Kind, entry.GrantedDelta, entry.AvailableAfter), Is.EqualTo((EntryKind.Expire, -700L, 0L)));
        Assert.That((account.Spent, account.Available), Is.EqualTo((100L, 200L)));
        Assert.That(account.Expire(Cause, Now)!.GrantedDelta, Is.EqualTo(-200));
        Assert.That(account.Expire(Cause, Now), Is.Null);
    }

    private static LedgerAccount Account(long? granted = null)
    {
        var month = new CalendarMonth(new DateOnly(2025, 3, 1));
        var account = new LedgerAccount(AccountKey.MonthlyCredits(Guid.CreateVersion7(Now), month), Now);
        if (granted is { } amount)
        {
            account.Grant(amount, Cause, Now);
        }

        return account;
    }
}
