using AiPlatform.Domain.Commerce;

namespace AiPlatform.Domain.UnitTests.Commerce;

public sealed class PlanTests
{
    [TestCase("pro", -1L, 0L)]
    [TestCase("pro", 0L, -1L)]
    [TestCase("pro", 0L, Plan.MaxPrice + 1)]
    [TestCase(Plan.Free, 10_000L, 1L)]
    public void Plan_WithNumbersOutOfRange_CannotBe(string name, long tokens, long price) =>
        Assert.That(() => new Plan(name, name, tokens, price, DateTimeOffset.UnixEpoch), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void Plan_IsPaidWhereItCostsSomething() => Assert.That(
        (new Plan(Plan.Free, "Free", 1, 0, DateTimeOffset.UnixEpoch).IsPaid, new Plan("pro", "Pro", 1, 1, DateTimeOffset.UnixEpoch).IsPaid),
        Is.EqualTo((false, true)));
}
