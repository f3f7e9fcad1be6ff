namespace AiPlatform.Domain.Content;

/// <summary>A chunk as it is searched.</summary>
/// <param name="Id">The chunk.</param>
/// <param name="Text">Its text, which is taken apart and not kept.</param>
/// <param name="Vector">Its vector, where it has one.</param>
public sealed record SearchableChunk(Guid Id, string Text, EmbeddingVector? Vector);

/// <summary>One document's part of the search index: which chunks hold which term, and their vectors. Never changes.</summary>
public sealed class DocumentSegment
{
    private readonly Guid[] _chunks;
    private readonly int[] _lengths;
    private readonly EmbeddingVector?[] _vectors;
    private readonly Dictionary<string, List<Posting>> _postings = new(StringComparer.Ordinal);

    /// <summary>Takes a document apart.</summary>
    /// <param name="documentId">The document.</param>
    /// <param name="collection">Who may ask it.</param>
    /// <param name="embeddingModel">The model that made the vectors, where it has some.</param>
    /// <param name="chunks">Its chunks, in order.</param>
    public DocumentSegment(Guid documentId, string collection, string? embeddingModel, IReadOnlyList<SearchableChunk> chunks)
    {
        ArgumentNullException.ThrowIfNull(chunks);
        (DocumentId, Collection, EmbeddingModel) = (documentId, collection, embeddingModel);
        _chunks = [.. chunks.Select(chunk => chunk.Id)];
        _vectors = [.. chunks.Select(chunk => chunk.Vector)];
        _lengths = new int[chunks.Count];
        for (var index = 0; index < chunks.Count; index++)
        {
            Post(index, chunks[index].Text);
        }
    }

    /// <summary>The document.</summary>
    public Guid DocumentId { get; }

    /// <summary>Who may ask it, see <see cref="CollectionName"/>.</summary>
    public string Collection { get; }

    /// <summary>The model that made its vectors.</summary>
    public string? EmbeddingModel { get; }

    /// <summary>How many chunks it has.</summary>
    public int ChunkCount => _chunks.Length;

    /// <summary>Terms in all its chunks.</summary>
    public long TermCount { get; private set; }

    /// <summary>How many of its chunks hold a term.</summary>
    /// <param name="term">The term.</param>
    public int CountContaining(string term) => _postings.TryGetValue(term, out var postings) ? postings.Count : 0;

    /// <summary>Adds what a term is worth to the scores of the chunks that hold it.</summary>
    /// <param name="term">The term.</param>
    /// <param name="inverseDocumentFrequency">How telling it is among all that is searched.</param>
    /// <param name="averageLength">Terms in a chunk on average, among all that is searched.</param>
    /// <param name="scores">Scores by chunk.</param>
    public void AddScores(string term, double inverseDocumentFrequency, double averageLength, IDictionary<Guid, double> scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (!_postings.TryGetValue(term, out var postings))
        {
            return;
        }

        foreach (var (index, frequency) in postings)
        {
            scores.TryGetValue(_chunks[index], out var score);
            scores[_chunks[index]] = score + Bm25.Score(inverseDocumentFrequency, frequency, _lengths[index], averageLength);
        }
    }

    /// <summary>The similarity of every chunk that has a vector of the same length.</summary>
    /// <param name="query">The vector asked for.</param>
    public IEnumerable<(Guid Chunk, double Similarity)> Similarities(EmbeddingVector query)
    {
        ArgumentNullException.ThrowIfNull(query);
        for (var index = 0; index < _vectors.Length; index++)
        {
            if (_vectors[index] is { } vector && vector.Dimensions == query.Dimensions)
            {
                yield return (_chunks[index], vector.Similarity(query));
            }
        }
    }

    private void Post(int index, string text)
    {
        foreach (var term in SearchTerms.Of(text))
        {
            _lengths[index]++;
            if (!_postings.TryGetValue(term, out var postings))
            {
                _postings[term] = postings = new List<Posting>(1);
            }

            if (postings is [.., var last] && last.Index == index)
            {
                postings[^1] = last with { Frequency = last.Frequency + 1 };
            }
            else
            {
                postings.Add(new Posting(index, 1));
            }
        }

        TermCount += _lengths[index];
    }

    private readonly record struct Posting(int Index, int Frequency);
}
