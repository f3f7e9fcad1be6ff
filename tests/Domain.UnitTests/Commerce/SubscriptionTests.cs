using AiPlatform.Domain.Commerce;

namespace AiPlatform.Domain.UnitTests.Commerce;

public sealed class SubscriptionTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 10, 0, 0, 0, TimeSpan.Zero);
    private static readonly PaidPeriod Month = new(Start, Start.AddMonths(1));
    private static readonly Guid Pro = new("11111111-1111-1111-1111-111111111111");
    private static readonly Guid Ultra = new("22222222-2222-2222-2222-222222222222");

    [Test]
    public void PlanAt_WithinThePeriod_IsThePaidOne() =>
        Assert.That((Begun().PlanAt(Start), Begun().PlanAt(Month.End.AddTicks(-1))), Is.EqualTo(((Guid?)Pro, (Guid?)Pro)));

    [Test]
    public void PlanAt_AfterThePeriod_GoesOnForTheGraceAlone() =>
        Assert.That(
            (Begun().PlanAt(Month.End), Begun().PlanAt(Month.End + Subscription.Grace)), Is.EqualTo(((Guid?)Pro, (Guid?)null)));

    [Test]
    public void PlanAt_WhenCancelled_EndsWithThePeriod()
    {
        var subscription = Begun();
        subscription.Cancel();

        Assert.That((subscription.PlanAt(Month.End.AddTicks(-1)), subscription.PlanAt(Month.End)), Is.EqualTo(((Guid?)Pro, (Guid?)null)));
    }

    [Test]
    public void PlanAt_WhenDowngraded_ChangesWithThePeriod()
    {
        var subscription = new Subscription(Pro, Ultra, "sub_1", Month, Start);
        subscription.DowngradeTo(Pro);

        Assert.That((subscription.PlanAt(Month.End.AddTicks(-1)), subscription.PlanAt(Month.End)), Is.EqualTo(((Guid?)Ultra, (Guid?)Pro)));
    }

    [Test]
    public void Upgrade_TakesEffectAtOnceAndUndoesWhatWasToFollow()
    {
        var subscription = Begun();
        subscription.GiveTokens();
        subscription.Cancel();
        subscription.Upgrade(Ultra, Month);

        Assert.That(
            (subscription.PlanAt(Start), subscription.PlanAt(Month.End), subscription.EndsWithPeriod, subscription.TokensGiven),
            Is.EqualTo(((Guid?)Ultra, (Guid?)Ultra, false, false)));
    }

    [Test]
    public void Renew_GoesOnWithThePlanThatWasToFollow()
    {
        var subscription = new Subscription(Pro, Ultra, "sub_1", Month, Start);
        subscription.DowngradeTo(Pro);
        subscription.Renew(new PaidPeriod(Month.End, Month.End.AddMonths(1)));

        Assert.That((subscription.PlanId, subscription.NextPlanId, subscription.PeriodEnd), Is.EqualTo((Pro, (Guid?)null, Month.End.AddMonths(1))));
    }

    [Test]
    public void Subscription_ThatHasEnded_NeitherServesNorChanges()
    {
        var subscription = Begun();
        subscription.End(Start.AddDays(1));
        subscription.End(Start.AddDays(2));

        Assert.That((subscription.PlanAt(Start), subscription.EndedAt), Is.EqualTo(((Guid?)null, (DateTimeOffset?)Start.AddDays(1))));
        Assert.That(() => subscription.Upgrade(Ultra, Month), Throws.InvalidOperationException);
        Assert.That(() => subscription.DowngradeTo(Pro), Throws.InvalidOperationException);
        Assert.That(subscription.Cancel, Throws.InvalidOperationException);
        Assert.That(() => subscription.Renew(Month), Throws.InvalidOperationException);
    }

    [Test]
    public void Subscription_WithAPeriodThatEndsBeforeItBegins_CannotBe() =>
        Assert.That(() => new Subscription(Pro, Pro, "sub_1", new PaidPeriod(Start, Start), Start), Throws.ArgumentException);

    private static Subscription Begun() => new(Guid.Empty, Pro, "sub_1", Month, Start);
}
