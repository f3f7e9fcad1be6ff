using AiPlatform.Application.Shared;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>A person's key as its owner sees it.</summary>
/// <param name="Ciphertext">The key as a Fernet token.</param>
/// <param name="Plain">The key itself.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
public sealed record PersonKey(string Ciphertext, string Plain, DateTimeOffset CreatedAt);

/// <summary>What is refused about a person's key.</summary>
public static class PersonKeyErrors
{
    /// <summary>The person has no key of this form.</summary>
    public static readonly Error None =
        new("person_key_none", ErrorKind.NotFound, "There is no API key yet. POST /api/v1/auth/regenerate-key makes one.");
}

/// <summary>The one <c>pe-</c> key of a person, which its owner can read again.</summary>
internal sealed class PersonKeys(IIdentityDb db, ISecretIssuer secrets, ISecretSeal seal, IKeyCiphertext ciphertext, OwnCall own)
{
    private const string Purpose = "person-key";

    /// <summary>Makes a key; the caller saves it.</summary>
    /// <param name="userId">Whose.</param>
    public PersonKey Add(Guid userId)
    {
        var secret = secrets.NewApiKey(ApiKeyKind.Pe);
        var key = new ApiKey(userId, ApiKeyKind.Pe, secrets.Hash(secret), own.Now);
        key.Keep(seal.Seal(Purpose, secret));
        db.ApiKeys.Add(key);
        return View(key, secret);
    }

    /// <summary>Makes a key in place of the one before, which is refused from now on.</summary>
    /// <exception cref="RefusedException">Somebody else replaced it at the same time.</exception>
    public async Task<PersonKey> ReplaceAsync(Guid userId, CancellationToken cancellationToken)
    {
        (await InForce(userId).ToListAsync(cancellationToken)).ForEach(key => key.Revoke(own.Now));
        var added = Add(userId);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException conflict)
        {
            throw new RefusedException(RequestErrors.ChangedMeanwhile, conflict);
        }

        own.Forget();
        return added;
    }

    /// <summary>The key in force.</summary>
    /// <exception cref="RefusedException">There is none.</exception>
    public async Task<PersonKey> GetAsync(Guid userId, CancellationToken cancellationToken)
    {
        var key = await InForce(userId).AsNoTracking().FirstOrDefaultAsync(cancellationToken);
        var secret = key?.SealedSecret is { } kept ? seal.Open(Purpose, kept) : null;
        return secret is null ? throw new RefusedException(PersonKeyErrors.None) : View(key!, secret);
    }

    private IQueryable<ApiKey> InForce(Guid userId) =>
        db.ApiKeys.Where(key => key.UserId == userId && key.Kind == ApiKeyKind.Pe && key.RevokedAt == null);

    private PersonKey View(ApiKey key, string secret) => new(ciphertext.Encrypt(secret), secret, key.CreatedAt);
}
