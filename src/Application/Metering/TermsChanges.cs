using AiPlatform.Application.Shared;
using AiPlatform.Domain.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Metering;

/// <summary>Commits changes of limits, funding rules and prices so that every process notices them.</summary>
internal sealed class TermsChanges(IMeteringDb db, IReadCache cache)
{
    /// <summary>Saves what changed in this scope's context.</summary>
    /// <exception cref="RefusedException">Somebody else made the same row at the same time.</exception>
    public async Task SaveAsync(CancellationToken cancellationToken)
    {
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
