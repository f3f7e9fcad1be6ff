using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Metering;

/// <summary>Commits changes of limits, funding rules and prices so that every process notices them.</summary>
internal sealed class TermsChanges(IMeteringDb db, ITermsCache cache, TimeProvider time)
{
    /// <summary>Saves what changed in this scope's context together with the revision.</summary>
    /// <exception cref="RefusedException">Somebody else made the same row at the same time.</exception>
    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        var revision = await db.TermsRevisions.FirstAsync(row => row.Id == TermsRevision.OnlyId, cancellationToken);
        revision.Advance(time.GetUtcNow());
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException conflict) when (IsConflict(conflict))
        {
            throw new RefusedException(AccountErrors.ChangedMeanwhile, conflict);
        }
        finally
        {
            cache.Forget();
        }
    }

    // The engines name the index or, SQLite, the columns; a row that is gone already is a conflict too.
    private static bool IsConflict(DbUpdateException failure) =>
        failure is DbUpdateConcurrencyException
        || (failure.InnerException?.Message is { } message && Array.Exists(
            ["spending_limits", "funding_rules", "model_prices"], table => message.Contains(table, StringComparison.Ordinal)));
}
