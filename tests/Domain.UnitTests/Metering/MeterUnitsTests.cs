using AiPlatform.Domain.Metering;

namespace AiPlatform.Domain.UnitTests.Metering;

public sealed class MeterUnitsTests
{
    [TestCase(0, 0)]
    [TestCase(1, 1_000)]
    [TestCase(int.MaxValue, 2_147_483_647_000)]
    public void FromCredits_WhenWhole_CountsThousandths(long credits, long amount) =>
        Assert.That(MeterUnits.FromCredits(credits), Is.EqualTo(amount));

    [Test]
    public void FromCredits_WhenItOverflows_Throws() =>
        Assert.That(() => MeterUnits.FromCredits(long.MaxValue / 999), Throws.InstanceOf<OverflowException>());

    [TestCase(0, 0)]
    [TestCase(999, 0)]
    [TestCase(1_000, 1)]
    [TestCase(1_999, 1)]
    [TestCase(-1, -1)]
    [TestCase(-1_000, -1)]
    [TestCase(-1_001, -2)]
    public void ToCredits_WhenNotWhole_RoundsDown(long amount, long credits) =>
        Assert.That(MeterUnits.ToCredits(amount), Is.EqualTo(credits));
}
