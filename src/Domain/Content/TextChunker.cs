namespace AiPlatform.Domain.Content;

/// <summary>Cuts a text into overlapping pieces, so that a sentence at a cut is whole in one of them.</summary>
public static class TextChunker
{
    /// <summary>Longest chunk, in UTF-16 code units.</summary>
    public const int ChunkLength = 1000;

    /// <summary>How far a chunk reaches back into the one before it, at most.</summary>
    public const int Overlap = 150;

    /// <summary>A cut is made in the second half of a chunk, so that no chunk is a mere fragment and each step advances.</summary>
    private const int EarliestCut = ChunkLength / 2;

    // What a reader would call a seam, best first; a cut comes after the characters named.
    private static readonly string[][] Seams = [["\n\n"], [". ", "! ", "? ", ".\n", "!\n", "?\n"], ["\n"], [" ", "\t"]];

    /// <summary>Cuts a text; blank pieces are dropped.</summary>
    /// <param name="text">Any text; line ends of all kinds become <c>\n</c>, and NUL is dropped because no database keeps it.</param>
    public static IReadOnlyList<string> Split(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var clean = text.Replace("\0", string.Empty, StringComparison.Ordinal).ReplaceLineEndings("\n");
        var chunks = new List<string>();
        var start = 0;
        while (start < clean.Length)
        {
            var end = CutAfter(clean, start);
            var chunk = clean[start..end].Trim();
            if (chunk.Length > 0)
            {
                chunks.Add(chunk);
            }

            start = end == clean.Length ? end : ReachBack(clean, end);
        }

        return chunks;
    }

    private static int CutAfter(string text, int start)
    {
        if (text.Length - start <= ChunkLength)
        {
            return text.Length;
        }

        var window = text.AsSpan(start, ChunkLength);
        foreach (var seams in Seams)
        {
            var cut = -1;
            foreach (var seam in seams)
            {
                var found = window.LastIndexOf(seam, StringComparison.Ordinal);
                cut = Math.Max(cut, found < 0 ? -1 : found + seam.Length);
            }

            if (cut > EarliestCut)
            {
                return start + cut;
            }
        }

        return OutsidePair(text, start + ChunkLength);
    }

    private static int ReachBack(string text, int end)
    {
        var start = end - Overlap;
        var space = text.AsSpan(start, Overlap).IndexOfAny(' ', '\n');
        return space >= 0 && space < Overlap - 1 ? start + space + 1 : OutsidePair(text, start);
    }

    private static int OutsidePair(string text, int position) =>
        char.IsLowSurrogate(text[position]) && char.IsHighSurrogate(text[position - 1]) ? position - 1 : position;
}
