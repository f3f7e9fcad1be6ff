using AiPlatform.Application.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Gateway.Caching;

/// <summary>What the client lets the cache do.</summary>
public enum CacheUse
{
    /// <summary>Answer, and keep.</summary>
    Full,

    /// <summary>Keep, in place of what is kept: <c>Cache-Control: no-cache</c>.</summary>
    KeepOnly,

    /// <summary>Nothing: <c>Cache-Control: no-store</c>.</summary>
    None,
}

/// <summary>Reads for which keys the cache is on, through what is kept in memory.</summary>
internal sealed class CacheRules(Func<IGatewayDb> open, IReadCache cache)
{
    /// <summary>How old an answer a key takes; <see langword="null"/> where it takes none.</summary>
    public async ValueTask<TimeSpan?> LifetimeOfAsync(Guid apiKeyId, CancellationToken cancellationToken) =>
        (await cache.GetAsync(apiKeyId, () => ReadAsync(apiKeyId, cancellationToken), cancellationToken))!.Lifetime;

    // That there is no rule is kept as well: most keys have none.
    private async Task<KeyRule?> ReadAsync(Guid apiKeyId, CancellationToken cancellationToken)
    {
        var seconds = await open().AnswerCacheRules.AsNoTracking()
            .Where(rule => rule.ApiKeyId == apiKeyId)
            .Select(rule => (int?)rule.LifetimeSeconds)
            .FirstOrDefaultAsync(cancellationToken);
        return new KeyRule(seconds is { } given ? TimeSpan.FromSeconds(given) : null);
    }

    private sealed record KeyRule(TimeSpan? Lifetime);
}
