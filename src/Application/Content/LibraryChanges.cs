using AiPlatform.Domain.Content;
using AiPlatform.Domain.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Content;

/// <summary>Commits a change of the library together with the documents that it is about.</summary>
internal static class LibraryChanges
{
    private const int Attempts = 8;

    /// <summary>Applies a change to the library's row and saves everything pending; another process's change is taken in first.</summary>
    /// <param name="db">The database, with the documents added or removed.</param>
    /// <param name="change">The change; it is made again on a fresh row when another came first.</param>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    /// <exception cref="DbUpdateConcurrencyException">A document to be removed is gone already.</exception>
    public static async Task SaveLibraryAsync(this IContentDb db, Action<DocumentLibrary> change, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            change(await db.Library.SingleAsync(cancellationToken));
            try
            {
                await db.SaveChangesAsync(cancellationToken);
                return;
            }
            catch (DbUpdateConcurrencyException lost) when (lost.Entries is [{ Entity: DocumentLibrary } row])
            {
                if (attempt == Attempts)
                {
                    throw new RefusedException(RagErrors.LibraryBusy, lost);
                }

                await row.ReloadAsync(cancellationToken);
            }
        }
    }
}
