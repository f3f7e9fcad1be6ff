using AiPlatform.Domain.Content;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Content;

/// <summary>The tables that Content owns.</summary>
public interface IContentDb
{
    /// <summary>Uploaded files.</summary>
    DbSet<StoredFile> Files { get; }

    /// <summary>Indexed documents.</summary>
    DbSet<RagDocument> Documents { get; }

    /// <summary>Pieces of indexed documents.</summary>
    DbSet<RagChunk> Chunks { get; }

    /// <summary>What is indexed in all: one row, which changes through <see cref="LibraryChanges"/>.</summary>
    DbSet<DocumentLibrary> Library { get; }

    /// <summary>Commits what changed.</summary>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    Task<int> SaveChangesAsync(CancellationToken cancellationToken);
}
