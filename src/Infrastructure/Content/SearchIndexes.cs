using AiPlatform.Application.Content;
using AiPlatform.Domain.Content;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Content;

/// <summary>Opens the search index of the database that a call works on.</summary>
internal sealed class SearchIndexes(IContentDb db, SegmentCache cache) : ISearchIndexes
{
    public async Task<SearchIndex> OpenAsync(CollectionName[] collections, CancellationToken cancellationToken) =>
        new(await cache.GetAsync(db, cancellationToken), collections);
}

/// <summary>
/// The library in memory, one immutable segment a document. A call reads the library's revision; only when it has moved are
/// new documents read and removed ones dropped, so a change costs what the change is, and every replica sees it at once.
/// </summary>
internal sealed class SegmentCache : IDisposable
{
    private readonly SemaphoreSlim _loading = new(1, 1);

    private volatile Loaded _loaded = new(-1, []);

    public async Task<IReadOnlyList<DocumentSegment>> GetAsync(IContentDb db, CancellationToken cancellationToken)
    {
        var revision = await RevisionAsync(db, cancellationToken);
        if (_loaded.Revision == revision)
        {
            return _loaded.Segments;
        }

        await _loading.WaitAsync(cancellationToken);
        try
        {
            // Read before the documents: what is committed in between only makes the next call look again.
            revision = await RevisionAsync(db, cancellationToken);
            if (_loaded.Revision != revision)
            {
                _loaded = new Loaded(revision, await LoadAsync(db, _loaded.Segments, cancellationToken));
            }

            return _loaded.Segments;
        }
        finally
        {
            _loading.Release();
        }
    }

    public void Dispose() => _loading.Dispose();

    private static Task<long> RevisionAsync(IContentDb db, CancellationToken cancellationToken) =>
        db.Library.Select(library => library.Revision).SingleAsync(cancellationToken);

    private static async Task<IReadOnlyList<DocumentSegment>> LoadAsync(
        IContentDb db, IReadOnlyList<DocumentSegment> known, CancellationToken cancellationToken)
    {
        var segments = known.ToDictionary(segment => segment.DocumentId);
        var documents = await db.Documents
            .OrderBy(document => document.Id)
            .Select(document => new { document.Id, document.Collection, document.EmbeddingModel })
            .ToListAsync(cancellationToken);
        var current = new List<DocumentSegment>(documents.Count);
        foreach (var document in documents)
        {
            current.Add(segments.TryGetValue(document.Id, out var segment)
                ? segment
                : new DocumentSegment(
                    document.Id, document.Collection, document.EmbeddingModel, await ChunksAsync(db, document.Id, cancellationToken)));
        }

        return current;
    }

    private static async Task<IReadOnlyList<SearchableChunk>> ChunksAsync(IContentDb db, Guid documentId, CancellationToken cancellationToken)
    {
        var chunks = await db.Chunks
            .Where(chunk => chunk.DocumentId == documentId)
            .OrderBy(chunk => chunk.Ordinal)
            .Select(chunk => new { chunk.Id, chunk.Text, chunk.Embedding })
            .ToListAsync(cancellationToken);
        return [.. chunks.Select(chunk => new SearchableChunk(
            chunk.Id, chunk.Text, chunk.Embedding is null ? null : EmbeddingVector.FromBytes(chunk.Embedding)))];
    }

    private sealed record Loaded(long Revision, IReadOnlyList<DocumentSegment> Segments);
}
