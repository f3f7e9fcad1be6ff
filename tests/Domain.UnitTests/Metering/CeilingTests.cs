using AiPlatform.Domain.Metering;

namespace AiPlatform.Domain.UnitTests.Metering;

public sealed class CeilingTests
{
    [Test]
    public void At_WhenThePriceIsFixed_IsThatWhateverTheAnswer() =>
        Assert.That((Ceiling.Of(42).At(0), Ceiling.Of(42).At(1_000_000)), Is.EqualTo((42L, 42L)));

    [Test]
    public void At_WhenTokensAreCounted_IsPromptAndAnswer() => Assert.That(Ceiling.OfTokens(100).At(50), Is.EqualTo(150));

    [TestCase(0, 0)]
    [TestCase(1, 1)]
    [TestCase(333_333, 1)]
    [TestCase(333_334, 2)]
    public void At_WhenItIsNoWholeUnit_RoundsUp(long answer, long amount) => Assert.That(new Ceiling(0, 3).At(answer), Is.EqualTo(amount));

    [Test]
    public void MostAnswerTokens_WhenTheFixedPartIsNotPaid_IsNone()
    {
        Assert.That(Ceiling.Of(10).MostAnswerTokens(9, 100), Is.EqualTo(-1));
        Assert.That(Ceiling.OfTokens(10).MostAnswerTokens(9, 100), Is.EqualTo(-1));
        Assert.That(Ceiling.OfTokens(10).MostAnswerTokens(-1, 100), Is.EqualTo(-1));
    }

    [Test]
    public void MostAnswerTokens_WhenThePriceIsFixedAndPaid_IsWhatIsWanted() =>
        Assert.That(Ceiling.Of(10).MostAnswerTokens(10, 100), Is.EqualTo(100));

    [Test]
    public void MostAnswerTokens_ForManyCeilings_IsTheLongestAnswerThatIsPaid()
    {
        var random = new Random(20250307);
        for (var round = 0; round < 20_000; round++)
        {
            var ceiling = new Ceiling(random.NextInt64(50_000_000), random.NextInt64(1, 5_000_000));
            var (available, most) = (random.NextInt64(100), random.NextInt64(200));

            var tokens = ceiling.MostAnswerTokens(available, most);

            Assert.That(tokens, Is.InRange(-1, most));
            Assert.That(tokens < 0 || ceiling.At(tokens) <= available, Is.True);
            Assert.That(tokens == most || ceiling.At(tokens + 1) > available, Is.True);
        }
    }

    [Test]
    public void At_WhenTheAmountFitsNoAccount_Throws() =>
        Assert.That(() => new Ceiling(0, long.MaxValue).At(long.MaxValue), Throws.InstanceOf<OverflowException>());
}
