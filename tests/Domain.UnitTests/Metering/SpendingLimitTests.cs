using AiPlatform.Domain.Metering;

namespace AiPlatform.Domain.UnitTests.Metering;

public sealed class SpendingLimitTests
{
    private static readonly DateTimeOffset Now = new(2025, 3, 5, 12, 0, 0, TimeSpan.Zero);

    [TestCase(Meter.KeyBudget, OwnerKind.ApiKey, true)]
    [TestCase(Meter.KeyBudget, OwnerKind.User, false)]
    [TestCase(Meter.TeamBudget, OwnerKind.Team, true)]
    [TestCase(Meter.TeamBudget, OwnerKind.ApiKey, false)]
    [TestCase(Meter.Tokens, OwnerKind.User, true)]
    [TestCase(Meter.Conversations, OwnerKind.Team, true)]
    [TestCase(Meter.RequestsPerMinute, OwnerKind.ApiKey, true)]
    [TestCase(Meter.TokensPerMinute, OwnerKind.User, true)]
    [TestCase(Meter.Credits, OwnerKind.User, false)]
    [TestCase(Meter.Wallet, OwnerKind.User, false)]
    public void Limit_OnAMeter_IsForItsOwnersOnly(Meter meter, OwnerKind owner, bool allowed)
    {
        Assert.That(SpendingLimit.CanLimit(meter, owner), Is.EqualTo(allowed));
        Assert.That(() => Limit(meter, owner, 1), allowed ? Throws.Nothing : Throws.ArgumentException);
    }

    [TestCase(-1)]
    [TestCase(SpendingLimit.MaxAmount + 1)]
    public void Limit_WhenItsAmountIsOutOfRange_Throws(long amount)
    {
        Assert.That(() => Limit(Meter.Tokens, OwnerKind.User, amount), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => Limit(Meter.Tokens, OwnerKind.User, 0).ChangeTo(amount, Guid.Empty, Now), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void ChangeTo_WhenChanged_NotesWhoAndWhen()
    {
        var (limit, actor) = (Limit(Meter.Tokens, OwnerKind.User, 5), Guid.CreateVersion7(Now));

        limit.ChangeTo(7, actor, Now.AddDays(1));

        Assert.That((limit.Amount, limit.ActorId, limit.CreatedAt, limit.ModifiedAt), Is.EqualTo((7L, actor, Now, Now.AddDays(1))));
    }

    [Test]
    public void FundingRule_WhenNobodyWouldPay_Throws()
    {
        var owner = Guid.CreateVersion7(Now);

        Assert.That(() => new FundingRule(OwnerKind.User, owner, false, false, owner, Now), Throws.ArgumentException);
        Assert.That(() => new FundingRule(OwnerKind.Team, owner, true, true, owner, Now), Throws.ArgumentException);
        Assert.That(() => new FundingRule(OwnerKind.ApiKey, owner, true, false, owner, Now).ChangeTo(false, false, owner, Now), Throws.ArgumentException);
    }

    private static SpendingLimit Limit(Meter meter, OwnerKind owner, long amount) =>
        new(owner, Guid.CreateVersion7(Now), meter, amount, Guid.CreateVersion7(Now), Now);
}
