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

    /// <summary>What the account may do in its team.</summary>
    public TeamRole? TeamRole { get; init; }

    /// <summary>What the account may do for others.</summary>
    public StaffLevel? StaffLevel { get; init; }
}

/// <summary>
/// Names what is known of a secret. What is known of it in one form says nothing about it in another: a key must not pass for a
/// token because it was seen as a key.
/// </summary>
/// <param name="Form">What the secret looks like.</param>
/// <param name="Name">The secret's hash, or the session that it names.</param>
internal readonly record struct CredentialKey(CredentialForm Form, string Name);

/// <summary>What a secret is, as its form tells.</summary>
public enum CredentialForm
{
    /// <summary>An API key of any surface.</summary>
    ApiKey,

    /// <summary>An API key, encrypted as its owner is shown it (seed 004).</summary>
    EncryptedKey,

    /// <summary>An opaque access token.</summary>
    AccessToken,

    /// <summary>A session token (JWT).</summary>
    SessionToken,
}
