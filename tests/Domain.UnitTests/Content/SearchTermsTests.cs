using AiPlatform.Domain.Content;

namespace AiPlatform.Domain.UnitTests.Content;

public sealed class SearchTermsTests
{
    [TestCase("Annual-Leave, 21 days!", new[] { "annual", "leave", "21", "days" })]
    [TestCase("ＦＵＬＬ ﬁle", new[] { "full", "file" })]
    [TestCase("Äpfel", new[] { "äpfel" })]
    [TestCase("…—!?", new string[0])]
    public void Of_WhenGivenText_CutsItIntoComparableTerms(string text, string[] expected) =>
        Assert.That(SearchTerms.Of(text), Is.EqualTo(expected));

    [Test]
    public void Of_WhenTheUnicodeIsBroken_StillFindsTheTerms() =>
        Assert.That(SearchTerms.Of("A\uD800b"), Is.EqualTo(new[] { "a", "b" }));

    [Test]
    public void Of_WhenARunIsVeryLong_CutsItToTheLimit() =>
        Assert.That(SearchTerms.Of(new string('a', 1000)).Single(), Has.Length.EqualTo(SearchTerms.MaxLength));
}
