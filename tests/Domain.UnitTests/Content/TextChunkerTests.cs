using AiPlatform.Domain.Content;

namespace AiPlatform.Domain.UnitTests.Content;

public sealed class TextChunkerTests
{
    [Test]
    public void Split_WhenTheTextIsShort_KeepsItWhole() =>
        Assert.That(TextChunker.Split("  One sentence.\r\nAnd another.  "), Is.EqualTo(new[] { "One sentence.\nAnd another." }));

    [TestCase("")]
    [TestCase(" \n\t\r\n ")]
    [TestCase("\0\0")]
    public void Split_WhenThereIsNoText_MakesNoChunk(string text) => Assert.That(TextChunker.Split(text), Is.Empty);

    [Test]
    public void Split_WhenTheTextIsLong_LosesNoWordAndExceedsNoLimit()
    {
        var words = Enumerable.Range(0, 3000).Select(number => $"word{number}").ToArray();

        var chunks = TextChunker.Split(string.Join(' ', words));

        Assert.That(chunks, Has.All.Length.LessThanOrEqualTo(TextChunker.ChunkLength));
        Assert.That(chunks.SelectMany(chunk => chunk.Split(' ')).Distinct(), Is.EqualTo(words));
    }

    [Test]
    public void Split_WhenTheTextIsLong_OverlapsNeighbours()
    {
        var chunks = TextChunker.Split(string.Join(' ', Enumerable.Range(0, 600).Select(number => $"word{number}")));

        for (var i = 1; i < chunks.Count; i++)
        {
            var first = chunks[i].Split(' ')[0];
            Assert.That(chunks[i - 1].Split(' '), Does.Contain(first));
            Assert.That(chunks[i - 1].Length - chunks[i - 1].IndexOf(first, StringComparison.Ordinal), Is.LessThanOrEqualTo(TextChunker.Overlap));
        }
    }

    [Test]
    public void Split_WhenAParagraphEndsInTheSecondHalf_CutsThereRatherThanAtALaterSentence()
    {
        var paragraph = new string('a', 700);

        var chunks = TextChunker.Split($"{paragraph}\n\nA sentence. {new string('b', 900)}");

        Assert.That(chunks[0], Is.EqualTo(paragraph));
    }

    [Test]
    public void Split_WhenThereIsNoParagraph_CutsAfterASentence()
    {
        var chunks = TextChunker.Split($"{new string('a', 800)}. {new string('b', 100)} {new string('c', 900)}");

        Assert.That(chunks[0], Does.EndWith("a."));
    }

    [Test]
    public void Split_WhenThereIsNoSeamAtAll_NeverCutsInsideASurrogatePair([Values(0, 1)] int shift)
    {
        var text = new string('x', shift) + string.Concat(Enumerable.Repeat("😀", 2000));

        var chunks = TextChunker.Split(text);

        Assert.That(chunks, Has.Count.GreaterThan(3));
        Assert.That(chunks.Any(chunk => char.IsLowSurrogate(chunk[0]) || char.IsHighSurrogate(chunk[^1])), Is.False);
    }
}
