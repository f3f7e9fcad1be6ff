using AiPlatform.Application.Identity;
using AiPlatform.Application.Identity.Contracts;
using Microsoft.Extensions.Caching.Memory;

namespace AiPlatform.Infrastructure.Identity;

internal sealed class CredentialCache : ICredentialCache, IDisposable
{
    private const int MaxEntries = 100_000;

    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(1);

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = MaxEntries });

    private long _generation;

    public async Task<CredentialFacts?> GetAsync(CredentialKind kind, string hash, Func<Task<CredentialFacts?>> read)
    {
        // Facts read before a change belong to an older generation, so they are never found after it.
        var key = (Interlocked.Read(ref _generation), kind, hash);
        if (_cache.TryGetValue(key, out CredentialFacts? known))
        {
            return known;
        }

        var facts = await read();
        if (facts is not null)
        {
            _cache.Set(key, facts, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = KeptFor, Size = 1 });
        }

        return facts;
    }

    public void Forget() => Interlocked.Increment(ref _generation);

    public void Dispose() => _cache.Dispose();
}
