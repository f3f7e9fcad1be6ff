using AiPlatform.Application.Shared;

namespace AiPlatform.Application.Metering;

/// <summary>Commits changes of limits, funding rules and prices so that every process notices them.</summary>
internal sealed class TermsChanges(IMeteringDb db, IReadCache cache)
{
    private static readonly string[] Tables = ["spending_limits", "funding_rules", "model_prices"];

    /// <summary>Saves what changed in this scope's context.</summary>
    /// <exception cref="Domain.Shared.RefusedException">Somebody else made the same row at the same time.</exception>
    public Task SaveAsync(CancellationToken cancellationToken) => cache.CommitAsync(db.SaveChangesAsync, Tables, cancellationToken);
}
