using AiPlatform.Application.Shared;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Gateway.Caching;

/// <summary>What can be wrong with what is said of the cache.</summary>
internal static class CacheErrors
{
    /// <summary>There is no such key in force.</summary>
    public static readonly Error KeyNotFound =
        new("api_key_not_found", ErrorKind.NotFound, "There is no API key in force with this ID; see GET /admin/ledger/accounts of its user");

    /// <summary>The cache is off already.</summary>
    public static readonly Error NotOn = new("cache_not_on", ErrorKind.NotFound, "The cache is not on for this API key");
}

/// <summary>Commits changes of the rules so that every process notices them.</summary>
internal sealed class CacheRuleChanges(IGatewayDb db, IReadCache cache)
{
    private static readonly string[] Tables = ["answer_cache_rules"];

    /// <summary>Saves what changed in this scope's context.</summary>
    /// <exception cref="RefusedException">Somebody else changed the same row at the same time.</exception>
    public Task SaveAsync(CancellationToken cancellationToken) => cache.CommitAsync(db.SaveChangesAsync, Tables, cancellationToken);
}
