namespace AiPlatform.Domain.Content;

/// <summary>
/// Okapi BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009) with the constants that Lucene uses,
/// and its form of the inverse document frequency, which is never negative.
/// </summary>
public static class Bm25
{
    /// <summary>How soon a repeated term stops counting.</summary>
    public const double K1 = 1.2;

    /// <summary>How much a chunk's length counts against it: 0 not at all, 1 fully.</summary>
    public const double B = 0.75;

    /// <summary>How telling a term is.</summary>
    /// <param name="total">Chunks in all.</param>
    /// <param name="containing">Chunks that hold the term, at most <paramref name="total"/>.</param>
    public static double InverseDocumentFrequency(int total, int containing) =>
        Math.Log(1 + ((total - containing + 0.5) / (containing + 0.5)));

    /// <summary>What one term adds to the score of one chunk.</summary>
    /// <param name="inverseDocumentFrequency">How telling the term is.</param>
    /// <param name="frequency">How often the chunk holds the term.</param>
    /// <param name="length">Terms in the chunk.</param>
    /// <param name="averageLength">Terms in a chunk on average, more than zero.</param>
    public static double Score(double inverseDocumentFrequency, int frequency, int length, double averageLength) =>
        inverseDocumentFrequency * frequency * (K1 + 1) / (frequency + (K1 * (1 - B + (B * length / averageLength))));
}
