using AiPlatform.Domain.Metering;

namespace AiPlatform.Domain.UnitTests.Metering;

public sealed class IdempotentCallTests
{
    private static readonly DateTimeOffset Now = new(2025, 3, 5, 12, 0, 0, TimeSpan.Zero);

    private static readonly IdempotencyKey Key = new(new Guid("0195f3a2-6c1e-7b8d-9a4f-000000000001"), new byte[IdempotentCall.FingerprintLength]);

    [TestCase(HoldState.Held, 0, false)]
    [TestCase(HoldState.Dispatched, 0, false)]
    [TestCase(HoldState.Dispatched, 48, false)]
    [TestCase(HoldState.Disputed, 0, false)]
    [TestCase(HoldState.Disputed, 48, false)]
    [TestCase(HoldState.Released, 0, true)]
    [TestCase(HoldState.Captured, 0, false)]
    [TestCase(HoldState.Captured, 23.99, false)]
    [TestCase(HoldState.Captured, 24, true)]
    public void Key_DependingOnTheOutcomeAndTheTime_IsFree(HoldState outcome, double hours, bool free) =>
        Assert.That(Call().IsFree(outcome, Now.AddHours(hours)), Is.EqualTo(free));

    [TestCase(HoldState.Held, 48, false)]
    [TestCase(HoldState.Released, 0, false)]
    [TestCase(HoldState.Released, 23.99, false)]
    [TestCase(HoldState.Released, 24, true)]
    public void Key_OfACallThatWasAnswered_IsFreeWhenItsTimeIsOver(HoldState outcome, double hours, bool free)
    {
        var call = Call();
        call.Keep(Hold(1).Id, [1, 2, 3]);

        Assert.That(call.IsFree(outcome, Now.AddHours(hours)), Is.EqualTo(free));
    }

    [Test]
    public void TakeOver_WhenAnotherCallTakesTheKey_ForgetsTheAnswerOfTheFirst()
    {
        var call = Call();
        call.Keep(Hold(1).Id, [1, 2, 3]);
        var (fingerprint, hold) = (new byte[IdempotentCall.FingerprintLength], Hold(2));
        fingerprint[0] = 1;

        call.TakeOver(new IdempotencyKey(Key.Id, fingerprint), hold, TimeSpan.FromHours(1));

        Assert.That((call.Answer, call.HoldId, call.ExpiresAt), Is.EqualTo(((byte[]?)null, (Guid?)hold.Id, Now.AddHours(1))));
        Assert.That((call.IsSame(Key), call.IsSame(new IdempotencyKey(Key.Id, fingerprint))), Is.EqualTo((false, true)));
    }

    [TestCase(0, false)]
    [TestCase(23.99, false)]
    [TestCase(24, true)]
    public void Key_OfACallThatWasCarriedOutInOneStep_IsFreeWhenItsTimeIsOver(double hours, bool free)
    {
        var call = new IdempotentCall(Key, Answered(1), TimeSpan.FromDays(1));

        Assert.That((call.HoldId, call.Answer), Is.EqualTo(((Guid?)null, new byte[] { 1, 2, 3 })));
        Assert.That(call.IsFree(null, Now.AddHours(hours)), Is.EqualTo(free));
    }

    [Test]
    public void TakeOver_WhenTheOtherCallIsCarriedOutInOneStep_LeavesNothingOfTheFirst()
    {
        var call = Call();

        call.TakeOver(Key, Answered(2), TimeSpan.FromHours(1));

        Assert.That((call.RequestId, call.HoldId, call.ExpiresAt), Is.EqualTo((Answered(2).RequestId, (Guid?)null, Now.AddHours(1))));
        Assert.That(() => call.Keep(Hold(1).Id, [1]), Throws.InstanceOf<InvalidOperationException>());
    }

    [Test]
    public void Keep_WhenTheKeyHasGoneToAnotherCall_IsRefused() =>
        Assert.That(() => Call().Keep(Hold(2).Id, [1]), Throws.InstanceOf<InvalidOperationException>());

    [Test]
    public void TakeOver_WhenItIsAnotherKey_IsRefused() => Assert.That(
        () => Call().TakeOver(Key with { Id = Guid.Empty }, Hold(2), TimeSpan.FromDays(1)), Throws.InstanceOf<ArgumentException>());

    private static IdempotentCall Call() => new(Key, Hold(1), TimeSpan.FromDays(1));

    private static AnsweredCall Answered(int number) =>
        new(new Guid($"0195f3a2-6c1e-7b8d-9a4f-{number:D12}"), new Guid($"0195f3a2-6c1e-7b8d-9a4f-{number:D12}"), [1, 2, 3], Now);

    private static Hold Hold(int number)
    {
        var id = new Guid($"0195f3a2-6c1e-7b8d-9a4f-{number:D12}");
        return new Hold(id, new HeldCall(id, id, "llm.gpt-4o"), id, TimeSpan.FromMinutes(15), Now);
    }
}
