using AiPlatform.Domain.Shared;

namespace AiPlatform.Domain.Content;

/// <summary>
/// Everything that is indexed, in one row: how much there is, and a number that grows with every change, so that any
/// process sees with one small read whether its index in memory is still good.
/// </summary>
public sealed class DocumentLibrary
{
    /// <summary>The id of the only row.</summary>
    public const int OnlyId = 1;

    private DocumentLibrary()
    {
    }

    /// <summary>Always <see cref="OnlyId"/>.</summary>
    public int Id { get; private set; } = OnlyId;

    /// <summary>Grows by one with each change; the row's concurrency token.</summary>
    public long Revision { get; private set; }

    /// <summary>Chunks of all documents, zero or more.</summary>
    public int ChunkCount { get; private set; }

    /// <summary>The library before anything is indexed.</summary>
    public static DocumentLibrary Empty() => new();

    /// <summary>Takes a document in.</summary>
    /// <param name="chunks">How many chunks it has.</param>
    /// <param name="limit">Most chunks that the library may hold.</param>
    /// <exception cref="RefusedException">There is no room for it.</exception>
    public void Admit(int chunks, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(chunks);
        if (chunks > limit - ChunkCount)
        {
            throw new RefusedException(RagErrors.LibraryFull(limit));
        }

        ChunkCount += chunks;
        Revision++;
    }

    /// <summary>Lets a document go.</summary>
    /// <param name="chunks">How many chunks it had.</param>
    public void Discard(int chunks)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(chunks);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(chunks, ChunkCount);
        ChunkCount -= chunks;
        Revision++;
    }
}
