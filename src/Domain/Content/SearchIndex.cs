namespace AiPlatform.Domain.Content;

/// <summary>
/// The documents that one caller may ask, ready to be searched. It shares its immutable segments with every other caller's,
/// so making one costs no more than picking them.
/// </summary>
public sealed class SearchIndex
{
    /// <summary>How many chunks each ranking contributes before they are joined.</summary>
    private const int Candidates = 50;

    private readonly DocumentSegment[] _segments;
    private readonly int _chunkCount;
    private readonly double _averageLength;

    /// <summary>Picks what may be searched.</summary>
    /// <param name="segments">Every document that there is.</param>
    /// <param name="collections">The collections that the caller may ask.</param>
    public SearchIndex(IEnumerable<DocumentSegment> segments, params CollectionName[] collections)
    {
        _segments = [.. segments.Where(segment => Array.Exists(collections, open => open.Value == segment.Collection))];
        _chunkCount = _segments.Sum(segment => segment.ChunkCount);
        _averageLength = _chunkCount == 0 ? 1 : Math.Max(1, (double)_segments.Sum(segment => segment.TermCount) / _chunkCount);
    }

    /// <summary>Whether there is nothing to search.</summary>
    public bool IsEmpty => _chunkCount == 0;

    /// <summary>Whether some of it has vectors of a model.</summary>
    /// <param name="model">The model.</param>
    public bool HasVectorsOf(string model) => Array.Exists(_segments, segment => segment.EmbeddingModel == model);

    /// <summary>The best chunks for a question, best first: by words alone, or by words and meaning joined.</summary>
    /// <param name="question">The question.</param>
    /// <param name="embedding">The question's vector and the model that made it; <see langword="null"/> to go by words alone.</param>
    /// <param name="count">How many at most.</param>
    public IReadOnlyList<Guid> Search(string question, (string Model, EmbeddingVector Vector)? embedding, int count)
    {
        var byWords = RankByWords(question);
        var ranked = embedding is { } asked ? ReciprocalRankFusion.Fuse(byWords, RankByMeaning(asked.Model, asked.Vector)) : byWords;
        return [.. ranked.Take(count)];
    }

    private static Guid[] Best(IEnumerable<KeyValuePair<Guid, double>> scores) =>
        [.. scores.OrderByDescending(score => score.Value).Take(Candidates).Select(score => score.Key)];

    private Guid[] RankByWords(string question)
    {
        var scores = new Dictionary<Guid, double>();
        foreach (var term in SearchTerms.Of(question).Distinct(StringComparer.Ordinal))
        {
            var containing = _segments.Sum(segment => segment.CountContaining(term));
            var weight = Bm25.InverseDocumentFrequency(_chunkCount, containing);
            foreach (var segment in _segments)
            {
                segment.AddScores(term, weight, _averageLength, scores);
            }
        }

        return Best(scores);
    }

    private Guid[] RankByMeaning(string model, EmbeddingVector vector) =>
        Best(_segments
            .Where(segment => segment.EmbeddingModel == model)
            .SelectMany(segment => segment.Similarities(vector))
            .Select(hit => KeyValuePair.Create(hit.Chunk, hit.Similarity)));
}
