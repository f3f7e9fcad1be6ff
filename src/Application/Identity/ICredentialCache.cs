using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Identity;

namespace AiPlatform.Application.Identity;

/// <summary>What the database said of a secret.</summary>
/// <param name="CredentialId">The key or token.</param>
/// <param name="UserId">The account.</param>
/// <param name="UserName">Name as shown.</param>
/// <param name="Email">Normalised address.</param>
/// <param name="Tier">0 to 5.</param>
/// <param name="Accepted">Whether account and credential are both in force.</param>
/// <param name="UserDeleted">Whether the account is gone.</param>
/// <param name="ExpiresAt">When the credential ends, where it does.</param>
/// <param name="Issuer">Who stands behind it.</param>
public sealed record CredentialFacts(
    Guid CredentialId,
    Guid UserId,
    string UserName,
    string Email,
    int Tier,
    bool Accepted,
    bool UserDeleted,
    DateTimeOffset? ExpiresAt,
    TokenIssuer Issuer)
{
    /// <summary>The key whose limits bind: the key itself, or the one that the token was issued to.</summary>
    public Guid? BindingKeyId { get; init; }

    /// <summary>The account's team.</summary>
    public Guid? TeamId { get; init; }
}

/// <summary>
/// Keeps what was read of credentials for at most one second, so that a revocation reaches every replica within that time;
/// in the process that revokes it takes effect at once.
/// </summary>
public interface ICredentialCache
{
    /// <summary>
    /// The facts of a secret, read where they are not at hand. Unknown secrets are never kept. What is known of a secret as one
    /// kind says nothing about it as another: a key must not pass for a token because it was seen as a key.
    /// </summary>
    /// <param name="kind">What the secret claims to be.</param>
    /// <param name="hash">The secret's hash.</param>
    /// <param name="read">Reads the facts.</param>
    Task<CredentialFacts?> GetAsync(CredentialKind kind, string hash, Func<Task<CredentialFacts?>> read);

    /// <summary>Forgets everything: call it after each change of an account or a credential.</summary>
    void Forget();
}
