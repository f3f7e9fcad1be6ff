using AiPlatform.Application.Shared;
using AiPlatform.Domain.Identity;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Reads what is known of secrets. The database is opened only for one that is not at hand.</summary>
internal sealed class CredentialReader(Func<IIdentityDb> open, IReadCache cache, IKeyCiphertext ciphertext)
{
    /// <summary>The API key whose ciphertext its owner was shown and sends; <see langword="null"/> where it is none.</summary>
    public string? KeyIn(string encrypted) => ciphertext.Decrypt(encrypted);

    /// <summary>What is known of an API key.</summary>
    public ValueTask<CredentialFacts?> OfKeyAsync(string hash, CancellationToken cancellationToken) => cache.GetAsync(
        new CredentialKey(CredentialForm.ApiKey, hash), () => ReadKeyAsync(open(), hash, cancellationToken), cancellationToken);

    /// <summary>What is known of an access token.</summary>
    public ValueTask<CredentialFacts?> OfTokenAsync(string hash, CancellationToken cancellationToken) => cache.GetAsync(
        new CredentialKey(CredentialForm.AccessToken, hash), () => ReadTokenAsync(open(), hash, cancellationToken), cancellationToken);

    /// <summary>What is known of a session.</summary>
    public ValueTask<CredentialFacts?> OfSessionAsync(Guid id, CancellationToken cancellationToken) => cache.GetAsync(
        new CredentialKey(CredentialForm.SessionToken, id.ToString("N")), () => ReadSessionAsync(open(), id, cancellationToken), cancellationToken);

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
            user.Active && user.DeletedAt == null && key.Active && key.RevokedAt == null,
            user.DeletedAt != null,
            key.ExpiresAt,
            TokenIssuer.Local)
        {
            BindingKeyId = key.Id,
            TeamId = user.TeamId,
            TeamRole = user.TeamRole,
            StaffLevel = user.StaffLevel,
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
            TeamRole = user.TeamRole,
            StaffLevel = user.StaffLevel,
        }).FirstOrDefaultAsync(cancellationToken);

    private static Task<CredentialFacts?> ReadSessionAsync(IIdentityDb db, Guid id, CancellationToken cancellationToken) => (
        from session in db.Sessions
        join user in db.Users on session.UserId equals user.Id
        where session.Id == id
        select new CredentialFacts(
            session.Id,
            user.Id,
            user.UserName,
            user.Email,
            user.Tier,
            user.Active && user.DeletedAt == null && session.RevokedAt == null,
            user.DeletedAt != null,
            session.ExpiresAt,
            TokenIssuer.Local)
        {
            TeamId = user.TeamId,
            TeamRole = user.TeamRole,
            StaffLevel = user.StaffLevel,
        }).FirstOrDefaultAsync(cancellationToken);
}
