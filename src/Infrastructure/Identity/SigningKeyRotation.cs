using AiPlatform.Application.Identity;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Identity;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Identity;

/// <summary>Has a new key sign session tokens where the one that does is old; what it signed stays good until it is over.</summary>
internal sealed class SigningKeyRotation(
    IDbContextFactory<AppDbContext> contexts, ISigningKeyIssuer issuer, ISessionPolicy policy, IReadCache cache, TimeProvider time) : IScheduledJob
{
    private static readonly TimeSpan Oldest = TimeSpan.FromDays(90);

    public string Name => "signing_key_rotation";

    public string Schedule => "0 0 3 * * ?";

    public async Task<string> RunAsync(DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var known = await db.Set<SigningKey>().Where(key => key.RetiresAt == null).ToListAsync(cancellationToken);
        if (known.Exists(key => key.CreatedAt > now - Oldest))
        {
            return "the key is young enough";
        }

        known.ForEach(key => key.RetireAt(now + policy.AccessTokenLifetime + TimeSpan.FromMinutes(1)));
        db.Add(new SigningKey(issuer.NewSealedSecret(), now));
        await db.SaveChangesAsync(cancellationToken);
        cache.Forget();
        return "a new key signs";
    }
}
