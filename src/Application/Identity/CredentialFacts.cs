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
/// Names what is known of a secret. What is known of it as one kind says nothing about it as another: a key must not pass for a
/// token because it was seen as a key.
/// </summary>
/// <param name="Kind">What the secret claims to be.</param>
/// <param name="Hash">The secret's hash.</param>
internal readonly record struct CredentialKey(CredentialKind Kind, string Hash);
