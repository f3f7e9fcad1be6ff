namespace AiPlatform.Domain.Content;

/// <summary>
/// A file whose text can be asked. It keeps its own copy of the text: deleting the upload does not silently take an
/// answer's source away, removing the document does.
/// </summary>
public sealed class RagDocument
{
    /// <summary>Most characters of text in one document.</summary>
    public const int MaxTextLength = 2_000_000;

    /// <summary>Longest name of an embedding model, in characters.</summary>
    public const int MaxModelLength = 100;

    private readonly List<RagChunk> _chunks = [];

    private RagDocument()
    {
        Name = Collection = string.Empty;
    }

    /// <summary>Makes a document of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="collection">Who may ask it.</param>
    /// <param name="indexedBy">The administrator who indexes it.</param>
    /// <param name="now">The time of indexing.</param>
    public RagDocument(StoredFile file, CollectionName collection, Guid indexedBy, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(collection);
        Id = Guid.CreateVersion7(now);
        FileId = file.Id;
        Name = file.OriginalName;
        Collection = collection.Value;
        IndexedBy = indexedBy;
        CreatedAt = now;
    }

    /// <summary>UUIDv7.</summary>
    public Guid Id { get; private set; }

    /// <summary>The upload that it was made of; unique within a collection.</summary>
    public Guid FileId { get; private set; }

    /// <summary>The file's name, which answers cite as their source.</summary>
    public string Name { get; private set; }

    /// <summary>Who may ask it, see <see cref="CollectionName"/>.</summary>
    public string Collection { get; private set; }

    /// <summary>How many chunks it has.</summary>
    public int ChunkCount { get; private set; }

    /// <summary>The model that made its vectors; <see langword="null"/> where it has none.</summary>
    public string? EmbeddingModel { get; private set; }

    /// <summary>The administrator who indexed it.</summary>
    public Guid IndexedBy { get; private set; }

    /// <summary>When it was indexed, UTC.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Its chunks in the order of the text.</summary>
    public IReadOnlyList<RagChunk> Chunks => _chunks;

    /// <summary>Adds the text, cut into chunks; once.</summary>
    /// <param name="chunks">At least one text.</param>
    /// <exception cref="InvalidOperationException">The document has its text already.</exception>
    public void Fill(IReadOnlyList<string> chunks)
    {
        ArgumentOutOfRangeException.ThrowIfZero(chunks.Count);
        if (ChunkCount > 0)
        {
            throw new InvalidOperationException("The document has its text already.");
        }

        _chunks.AddRange(chunks.Select((text, ordinal) => new RagChunk(Id, ordinal, text, CreatedAt)));
        ChunkCount = _chunks.Count;
    }

    /// <summary>Adds a vector to every chunk.</summary>
    /// <param name="model">The model that made them.</param>
    /// <param name="vectors">One a chunk, in order, all of one length.</param>
    /// <exception cref="ArgumentException">There are more or fewer vectors than chunks, or their lengths differ.</exception>
    public void Embed(string model, IReadOnlyList<ReadOnlyMemory<float>> vectors)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        ArgumentNullException.ThrowIfNull(vectors);
        if (vectors.Count != _chunks.Count || vectors.Any(vector => vector.IsEmpty || vector.Length != vectors[0].Length))
        {
            throw new ArgumentException("Every chunk needs one vector, all of one length.", nameof(vectors));
        }

        foreach (var (chunk, vector) in _chunks.Zip(vectors))
        {
            chunk.Embed(EmbeddingVector.Normalised(vector.Span));
        }

        EmbeddingModel = model;
    }
}

/// <summary>A piece of a document's text, small enough to be quoted to a model.</summary>
public sealed class RagChunk
{
    private RagChunk()
    {
        Text = string.Empty;
    }

    internal RagChunk(Guid documentId, int ordinal, string text, DateTimeOffset now)
    {
        Id = Guid.CreateVersion7(now);
        DocumentId = documentId;
        Ordinal = ordinal;
        Text = text;
    }

    /// <summary>UUIDv7.</summary>
    public Guid Id { get; private set; }

    /// <summary>The document.</summary>
    public Guid DocumentId { get; private set; }

    /// <summary>Position in the document, from zero.</summary>
    public int Ordinal { get; private set; }

    /// <summary>The text, at most <see cref="TextChunker.ChunkLength"/> characters.</summary>
    public string Text { get; private set; }

    /// <summary>The vector as <see cref="EmbeddingVector"/> writes it.</summary>
    public byte[]? Embedding { get; private set; }

    internal void Embed(EmbeddingVector vector) => Embedding = vector.ToBytes();
}
