using AiPlatform.Application.Metering;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;

namespace AiPlatform.Infrastructure.Metering;

internal sealed class TermsCache(IDbContextFactory<AppDbContext> contexts, TimeProvider time) : ITermsCache, IDisposable
{
    private const int MaxEntries = 100_000;

    private static readonly TimeSpan LookedAtEvery = TimeSpan.FromSeconds(1);

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = MaxEntries });
    private readonly SemaphoreSlim _looking = new(1, 1);

    private Look? _last;
    private long _generation;

    public async Task<T> GetAsync<T>(object key, Func<Task<T>> read, CancellationToken cancellationToken)
    {
        // What was read under another stamp is never found again; what is read while the stamp changes is found for a second.
        var entry = (await StampAsync(cancellationToken), key);
        if (_cache.TryGetValue(entry, out T? known))
        {
            return known!;
        }

        var value = await read();
        _cache.Set(entry, value, new MemoryCacheEntryOptions { Size = 1 });
        return value;
    }

    public void Forget() => Interlocked.Increment(ref _generation);

    public void Dispose()
    {
        _cache.Dispose();
        _looking.Dispose();
    }

    private async ValueTask<Guid> StampAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _last) is { } recent && IsRecent(recent))
        {
            return recent.Stamp;
        }

        await _looking.WaitAsync(cancellationToken);
        try
        {
            if (Volatile.Read(ref _last) is { } meanwhile && IsRecent(meanwhile))
            {
                return meanwhile.Stamp;
            }

            return await LookAsync(cancellationToken);
        }
        finally
        {
            _looking.Release();
        }
    }

    private async Task<Guid> LookAsync(CancellationToken cancellationToken)
    {
        // A change that is committed after this instant is seen by the next look; one that is forgotten meanwhile, too.
        var (generation, now) = (Interlocked.Read(ref _generation), time.GetTimestamp());
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var stamp = await db.Set<TermsRevision>().Where(revision => revision.Id == TermsRevision.OnlyId)
            .Select(revision => revision.Stamp)
            .FirstOrDefaultAsync(cancellationToken);
        Volatile.Write(ref _last, new Look(stamp, now, generation));
        return stamp;
    }

    private bool IsRecent(Look look) =>
        look.Generation == Interlocked.Read(ref _generation) && time.GetElapsedTime(look.At) < LookedAtEvery;

    private sealed record Look(Guid Stamp, long At, long Generation);
}
