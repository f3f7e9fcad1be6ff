using AiPlatform.Domain.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Shared;

/// <summary>Commits changes of rows that processes keep in memory.</summary>
internal static class KeptRows
{
    /// <summary>Commits, and has this process forget what it kept; others notice the change mark.</summary>
    /// <param name="cache">What is kept.</param>
    /// <param name="commit">Commits.</param>
    /// <param name="tables">The tables whose rows two administrators can make, change or remove at once.</param>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    /// <exception cref="RefusedException">Somebody else changed the same row at the same time.</exception>
    public static async Task CommitAsync(
        this IReadCache cache, Func<CancellationToken, Task<int>> commit, IReadOnlyList<string> tables, CancellationToken cancellationToken)
    {
        try
        {
            await commit(cancellationToken);
        }
        catch (DbUpdateException conflict) when (IsConflict(conflict, tables))
        {
            throw new RefusedException(RequestErrors.ChangedMeanwhile, conflict);
        }
        finally
        {
            cache.Forget();
        }
    }

    // The engines name the table, the index or, SQLite, the columns; a row that is gone already is a conflict too.
    private static bool IsConflict(DbUpdateException failure, IReadOnlyList<string> tables) =>
        failure is DbUpdateConcurrencyException
        || (failure.InnerException?.Message is { } message && tables.Any(table => message.Contains(table, StringComparison.Ordinal)));
}
