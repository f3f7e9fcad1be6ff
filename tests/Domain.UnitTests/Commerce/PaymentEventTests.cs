using AiPlatform.Domain.Commerce;

namespace AiPlatform.Domain.UnitTests.Commerce;

public sealed class PaymentEventTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 0, 0, 0, TimeSpan.Zero);

    [Test]
    public void New_OfASubjectWithoutAName_IsRefused() =>
        Assert.That(() => new PaymentEvent("evt_1", "charge.succeeded", PaymentSubject.Charge, null, Now), Throws.ArgumentException.Or.TypeOf<ArgumentNullException>());

    [Test]
    public void Settle_ASecondTime_ChangesNothing()
    {
        var told = new PaymentEvent("evt_1", "customer.created", PaymentSubject.Other, null, Now);
        told.Settle(Now);
        told.Settle(Now.AddDays(1));

        Assert.That(told.SettledAt, Is.EqualTo(Now));
    }

    [Test]
    public void IsRipe_WhenWhoCausedItHadTheTime_IsSo()
    {
        var told = new PaymentEvent("evt_1", "customer.subscription.updated", PaymentSubject.Subscription, "sub_1", Now);

        Assert.That((told.IsRipe(Now + PaymentEvent.Patience - TimeSpan.FromTicks(1)), told.IsRipe(Now + PaymentEvent.Patience)), Is.EqualTo((false, true)));
    }
}
