using AiPlatform.Application.Shared;

namespace AiPlatform.Application.UnitTests.Shared;

public sealed class IntegerOrTextTests
{
    [TestCase("5", 5)]
    [TestCase(" 5\n", 5)]
    [TestCase("+5", 5)]
    [TestCase("-5", -5)]
    [TestCase("007", 7)]
    [TestCase("9223372036854775807", long.MaxValue)]
    [TestCase("9223372036854775808", long.MaxValue)]
    [TestCase("-99999999999999999999", long.MinValue)]
    public void Parse_WhenTheTextIsAWholeNumber_IsTheNearestOneThatFits(string text, long expected) =>
        Assert.That(IntegerOrText.Parse(text), Is.EqualTo(new IntegerOrText(expected)));

    [TestCase("")]
    [TestCase(" ")]
    [TestCase("-")]
    [TestCase("5.0")]
    [TestCase("1e3")]
    [TestCase("0x10")]
    [TestCase("1,000")]
    [TestCase("5 5")]
    [TestCase("--5")]
    [TestCase("٥")]
    [TestCase("99999999999999999999x")]
    public void Parse_WhenTheTextIsNone_IsNull(string text) => Assert.That(IntegerOrText.Parse(text), Is.Null);
}
