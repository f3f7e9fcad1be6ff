using AiPlatform.Domain.Commerce;
using AiPlatform.Domain.Metering;

namespace AiPlatform.Domain.UnitTests.Commerce;

public sealed class TopUpTests
{
    private const long Dollar = MeterUnits.PerDollar;

    private static readonly DateTimeOffset Now = new(2026, 3, 10, 0, 0, 0, TimeSpan.Zero);
    private static readonly IdempotencyKey Key = new(new Guid("11111111-1111-1111-1111-111111111111"), new byte[IdempotentCall.FingerprintLength]);

    [Test]
    public void New_IsIntendedAndUnderWay()
    {
        var topUp = Intended();

        Assert.That(
            (topUp.State, topUp.Amount, topUp.Cents, topUp.IsUnderWay(Now), topUp.CanAsk(Now), topUp.SettledAt),
            Is.EqualTo((TopUpState.Intended, 5 * Dollar, 500, true, false, (DateTimeOffset?)null)));
    }

    [TestCase(49)]
    [TestCase(100_001)]
    [TestCase(0)]
    [TestCase(-500)]
    [TestCase(long.MaxValue)]
    public void New_OfAnAmountOutOfRange_IsRefused(long cents) =>
        Assert.That(() => new TopUp(Guid.Empty, cents, Key, Guid.Empty, Now), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void IsSame_ForAnotherFingerprint_IsNot()
    {
        var other = new byte[IdempotentCall.FingerprintLength];
        other[^1] = 1;

        Assert.That((Intended().IsSame(Key), Intended().IsSame(Key with { Fingerprint = other })), Is.EqualTo((true, false)));
    }

    [Test]
    public void IsSame_WithoutAKey_IsNot() => Assert.That(new TopUp(Guid.Empty, 500, null, Guid.Empty, Now).IsSame(Key), Is.False);

    [Test]
    public void CanAsk_IsSoAfterTheTurnUntilTheGatewayMayHaveForgotten()
    {
        var topUp = Intended();

        Assert.That(
            (topUp.CanAsk(Now + TopUp.Turn), topUp.CanAsk(Now + TopUp.Askable - TimeSpan.FromTicks(1)), topUp.CanAsk(Now + TopUp.Askable)),
            Is.EqualTo((true, true, false)));
        Assert.That(TopUp.Askable, Is.LessThan(TimeSpan.FromHours(24) - TopUp.Turn));
    }

    [Test]
    public void Ask_AsLongAsAnotherCallAsks_Throws() => Assert.That(() => Intended().Ask(Now), Throws.InvalidOperationException);

    [Test]
    public void Ask_AfterTheTurnWasGivenBack_TakesItAnew()
    {
        var topUp = Intended();
        topUp.Leave(Now);
        var isFree = topUp.CanAsk(Now);

        topUp.Ask(Now.AddSeconds(1));

        Assert.That((isFree, topUp.IsUnderWay(Now.AddSeconds(1)), topUp.AskedAt), Is.EqualTo((true, true, Now.AddSeconds(1))));
    }

    [Test]
    public void IsSettled_CountsFromTheLastQuestion()
    {
        var topUp = Intended();
        topUp.Leave(Now);
        topUp.Ask(Now.AddHours(1));

        Assert.That((topUp.IsSettled(Now + TopUp.Settling), topUp.IsSettled(Now.AddHours(1) + TopUp.Settling)), Is.EqualTo((false, true)));
    }

    [Test]
    public void Confirm_ThenCredit_IsCredited()
    {
        var topUp = Charged();
        topUp.Credit(7 * Dollar, Now.AddSeconds(2));

        Assert.That(
            (topUp.State, topUp.ChargeId, topUp.BalanceAfter, topUp.SettledAt),
            Is.EqualTo((TopUpState.Credited, "ch_1", (long?)(7 * Dollar), (DateTimeOffset?)Now.AddSeconds(2))));
    }

    [Test]
    public void Confirm_Again_ChangesNothing()
    {
        var topUp = Charged();
        topUp.Confirm("ch_1", 0, isDisputed: false, Now);
        topUp.Credit(7 * Dollar, Now);
        topUp.Confirm("ch_1", 0, isDisputed: false, Now.AddDays(1));
        topUp.Credit(9 * Dollar, Now.AddDays(1));

        Assert.That((topUp.State, topUp.BalanceAfter, topUp.SettledAt), Is.EqualTo((TopUpState.Credited, (long?)(7 * Dollar), (DateTimeOffset?)Now)));
    }

    [Test]
    public void Confirm_OfASecondCharge_Throws() =>
        Assert.That(() => Charged().Confirm("ch_2", 0, isDisputed: false, Now), Throws.InvalidOperationException);

    [Test]
    public void Confirm_OfWhatWasTakenForFailed_WinsOverThat()
    {
        var topUp = Intended();
        topUp.Fail("never_charged", Now);

        topUp.Confirm("ch_1", 0, isDisputed: false, Now);

        Assert.That((topUp.State, topUp.Failure, topUp.SettledAt), Is.EqualTo((TopUpState.Charged, (string?)null, (DateTimeOffset?)null)));
    }

    [Test]
    public void Confirm_OfAChargeThatWasGivenBackWhole_IsNeverCredited()
    {
        var topUp = Intended();
        topUp.Confirm("ch_1", 5 * Dollar, isDisputed: false, Now);

        Assert.That((topUp.State, topUp.Failure), Is.EqualTo((TopUpState.Failed, "refunded")));
        Assert.That(() => topUp.Credit(5 * Dollar, Now), Throws.InvalidOperationException);
    }

    [Test]
    public void Confirm_OfAnOlderAnswer_UndoesNoRefundAndNoDispute()
    {
        var topUp = Charged();
        topUp.Confirm("ch_1", 2 * Dollar, isDisputed: true, Now);
        topUp.Confirm("ch_1", 0, isDisputed: false, Now);

        Assert.That((topUp.Refunded, topUp.IsDisputed), Is.EqualTo((2 * Dollar, true)));
    }

    [Test]
    public void Confirm_AfterTheCredit_NotesTheRefundAlone()
    {
        var topUp = Charged();
        topUp.Credit(5 * Dollar, Now);

        topUp.Confirm("ch_1", 500 * Dollar, isDisputed: false, Now);

        Assert.That((topUp.State, topUp.Refunded), Is.EqualTo((TopUpState.Credited, 5 * Dollar)));
    }

    [Test]
    public void Credit_OfWhatWasNotCharged_Throws()
    {
        var failed = Intended();
        failed.Fail("declined", Now);

        Assert.That(() => Intended().Credit(Dollar, Now), Throws.InvalidOperationException);
        Assert.That(() => failed.Credit(Dollar, Now), Throws.InvalidOperationException);
    }

    [Test]
    public void Fail_OfWhatWasCharged_ChangesNothing()
    {
        var topUp = Charged();
        topUp.Fail("never_charged", Now);

        Assert.That((topUp.State, topUp.Failure), Is.EqualTo((TopUpState.Charged, (string?)null)));
    }

    [TestCase(1, 2)]
    [TestCase(30, 30)]
    [TestCase(60 * 24, 60 * 6)]
    public void Postpone_WaitsLongerTheOlderItIs(int age, int minutes)
    {
        var (topUp, later) = (Intended(), Now.AddMinutes(age));

        topUp.Postpone(later);

        Assert.That(topUp.LookAt, Is.EqualTo(later.AddMinutes(minutes)));
    }

    private static TopUp Intended() => new(Guid.Empty, 500, Key, Guid.Empty, Now);

    private static TopUp Charged()
    {
        var topUp = Intended();
        topUp.Confirm("ch_1", 0, isDisputed: false, Now);
        return topUp;
    }
}
