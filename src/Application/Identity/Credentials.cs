using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

// The database is opened only for a secret that is not at hand.
internal sealed class Credentials(
    Func<IIdentityDb> open, ISecretIssuer secrets, IReadCache cache, ITokenAuthority authority, TimeProvider time) : ICredentials
{
    // Longer than any secret that is issued; hashing megabytes for a stranger is work not owed.
    internal const int MaxSecretLength = 512;

    public Task<Identified> IdentifyAsync(CredentialKind kind, string secret, CancellationToken cancellationToken) => kind switch
    {
        CredentialKind.ApiKey => IdentifyByKeyAsync(secret, cancellationToken),
        CredentialKind.AccessToken => IdentifyByTokenAsync(secret, cancellationToken),
        CredentialKind.Any => IdentifyByFormAsync(secret, cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static Identified Refuse(Error error) => new(null, error);

    /// <summary>A secret says by its form what it is, so that one look decides.</summary>
    private async Task<Identified> IdentifyByFormAsync(string secret, CancellationToken cancellationToken)
    {
        var identified = Guid.TryParseExact(secret, "D", out _)
            ? await IdentifyByKeyAsync(secret, cancellationToken)
            : await IdentifyByTokenAsync(secret, cancellationToken);
        return identified.Refusal is { Code: "api_key_invalid" or "token_invalid" } ? Refuse(CredentialErrors.Invalid) : identified;
    }

    private async Task<Identified> IdentifyByKeyAsync(string secret, CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(secret, "D", out var key))
        {
            return Refuse(CredentialErrors.ApiKeyInvalid);
        }

        var hash = secrets.Hash(key.ToString("D")).Hash;
        var facts = await cache.GetAsync(
            new CredentialKey(CredentialKind.ApiKey, hash), () => ReadKeyAsync(open(), hash, cancellationToken), cancellationToken);
        return facts is { Accepted: true }
            ? new Identified(ToCaller(facts) with { ApiKeyId = facts.CredentialId }, null)
            : Refuse(CredentialErrors.ApiKeyInvalid);
    }

    private async Task<Identified> IdentifyByTokenAsync(string secret, CancellationToken cancellationToken)
    {
        if (secret.Length > MaxSecretLength)
        {
            return Refuse(CredentialErrors.TokenInvalid);
        }

        var hash = secrets.Hash(secret).Hash;
        var facts = await cache.GetAsync(
            new CredentialKey(CredentialKind.AccessToken, hash), () => ReadTokenAsync(open(), hash, cancellationToken), cancellationToken);
        if (facts is null or { Accepted: false, UserDeleted: false })
        {
            return Refuse(CredentialErrors.TokenInvalid);
        }

        if (time.GetUtcNow() >= facts.ExpiresAt)
        {
            return Refuse(CredentialErrors.TokenExpired);
        }

        if (!await authority.VouchesAsync(facts.Issuer, cancellationToken))
        {
            return Refuse(CredentialErrors.TokenNotVouched);
        }

        return facts.UserDeleted
            ? Refuse(CredentialErrors.TokenUserMissing)
            : new Identified(ToCaller(facts) with { AccessTokenId = facts.CredentialId }, null);
    }

    private static Caller ToCaller(CredentialFacts facts) => new(facts.UserId, facts.UserName, facts.Email, facts.Tier)
    {
        BindingKeyId = facts.BindingKeyId,
        TeamId = facts.TeamId,
    };

    private static Task<CredentialFacts?> ReadKeyAsync(IIdentityDb db, string hash, CancellationToken cancellationToken) => (
        from key in db.ApiKeys
        join user in db.Users on key.UserId equals user.Id
        where key.Hash == hash
        select new CredentialFacts(
            key.Id,
            user.Id,
            user.UserName,
            user.Email,
            user.Tier,
            user.Active && user.DeletedAt == null && key.RevokedAt == null,
            user.DeletedAt != null,
            null,
            TokenIssuer.Local)
        {
            BindingKeyId = key.Id,
            TeamId = user.TeamId,
        }).FirstOrDefaultAsync(cancellationToken);

    private static Task<CredentialFacts?> ReadTokenAsync(IIdentityDb db, string hash, CancellationToken cancellationToken) => (
        from token in db.AccessTokens
        join user in db.Users on token.UserId equals user.Id
        where token.Hash == hash
        select new CredentialFacts(
            token.Id,
            user.Id,
            user.UserName,
            user.Email,
            user.Tier,
            user.Active && user.DeletedAt == null && token.RevokedAt == null,
            user.DeletedAt != null && token.RevokedAt == null,
            token.ExpiresAt,
            token.Issuer)
        {
            BindingKeyId = token.ApiKeyId,
            TeamId = user.TeamId,
        }).FirstOrDefaultAsync(cancellationToken);
}
