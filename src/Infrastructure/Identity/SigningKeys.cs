using System.Security.Cryptography;
using AiPlatform.Application.Identity;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Identity;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;

namespace AiPlatform.Infrastructure.Identity;

/// <summary>The keys of session tokens, as the database has them.</summary>
internal sealed class SigningKeys(IDbContextFactory<AppDbContext> contexts, IReadCache cache, ISecretSeal seal, TimeProvider time)
    : ISigningKeyIssuer
{
    /// <summary>What the keys are sealed for.</summary>
    private const string Purpose = "signing-key";

    private const int KeyBytes = 32;

    /// <summary>The key that signs.</summary>
    public async Task<SecurityKey> NewestAsync(CancellationToken cancellationToken)
    {
        var newest = await cache.GetAsync(
            new KeyName(null), () => ReadAsync(rows => rows.OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id), cancellationToken), cancellationToken);
        return newest?.Key ?? throw new InvalidOperationException("There is no key to sign session tokens with.");
    }

    /// <summary>A key that may have signed a token; <see langword="null"/> where there is none, or its time is over.</summary>
    public async Task<SecurityKey?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        var known = await cache.GetAsync(new KeyName(id), () => ReadAsync(rows => rows.Where(row => row.Id == id), cancellationToken), cancellationToken);
        return known is null || time.GetUtcNow() >= known.RetiresAt ? null : known.Key;
    }

    public string NewSealedSecret() => seal.Seal(Purpose, Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes)));

    private async Task<KnownKey?> ReadAsync(Func<IQueryable<SigningKey>, IQueryable<SigningKey>> choose, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await choose(db.Set<SigningKey>().AsNoTracking()).FirstOrDefaultAsync(cancellationToken) is { } row
            && seal.Open(Purpose, row.SealedSecret) is { } secret
                ? new KnownKey(new SymmetricSecurityKey(Convert.FromBase64String(secret)) { KeyId = row.Id.ToString("D") }, row.RetiresAt)
                : null;
    }

    private readonly record struct KeyName(Guid? Id);

    private sealed record KnownKey(SecurityKey Key, DateTimeOffset? RetiresAt);
}

/// <summary>Makes the first key that signs session tokens.</summary>
internal sealed class SigningKeySeed(AppDbContext db, ISigningKeyIssuer issuer, TimeProvider time)
{
    /// <summary>Makes a key where there is none.</summary>
    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        if (!await db.Set<SigningKey>().AnyAsync(cancellationToken))
        {
            db.Add(new SigningKey(issuer.NewSealedSecret(), time.GetUtcNow()));
            await db.SaveChangesAsync(cancellationToken);
        }
    }
}
