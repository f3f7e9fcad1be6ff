using AiPlatform.Domain.Shared;

namespace AiPlatform.Domain.Identity;

/// <summary>Who stands behind an access token.</summary>
public enum TokenIssuer
{
    /// <summary>This platform alone.</summary>
    Local = 0,

    /// <summary>This platform, as long as Microsoft Entra vouches for the organisation's application.</summary>
    Entra = 1,
}

/// <summary>A short-lived opaque token bound to one account; only its hash is kept.</summary>
public sealed class AccessToken
{
    private AccessToken()
    {
        Hash = Prefix = string.Empty;
    }

    /// <summary>Records a token that was just made.</summary>
    /// <param name="owner">The account that it is bound to; the token carries the tier it has now.</param>
    /// <param name="issuer">Who stands behind it.</param>
    /// <param name="secret">What is kept of the token.</param>
    /// <param name="lifetime">How long it is good for; whole seconds.</param>
    /// <param name="now">The time of issue.</param>
    public AccessToken(User owner, TokenIssuer issuer, HashedSecret secret, TimeSpan lifetime, DateTimeOffset now)
    {
        Id = Guid.CreateVersion7(now);
        UserId = owner.Id;
        Tier = owner.Tier;
        Issuer = issuer;
        (Hash, Prefix) = secret;
        LifetimeSeconds = (int)lifetime.TotalSeconds;
        CreatedAt = now;
        ExpiresAt = now.AddSeconds(LifetimeSeconds);
    }

    /// <summary>UUIDv7.</summary>
    public Guid Id { get; private set; }

    /// <summary>The account that the token is bound to.</summary>
    public Guid UserId { get; private set; }

    /// <summary>The API key that the token was issued to, whose limits bind it; none for a token that predates this note.</summary>
    public Guid? ApiKeyId { get; private set; }

    /// <summary>The tier of the account when the token was issued.</summary>
    public int Tier { get; private set; }

    /// <summary>Who stands behind the token.</summary>
    public TokenIssuer Issuer { get; private set; }

    /// <summary>HMAC-SHA256 of the secret under the pepper; unique.</summary>
    public string Hash { get; private set; }

    /// <summary>The first characters of the secret.</summary>
    public string Prefix { get; private set; }

    /// <summary>How long the token was issued for, in seconds.</summary>
    public int LifetimeSeconds { get; private set; }

    /// <summary>When the token was issued, UTC.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>The first instant at which the token is refused, UTC.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>When the token was revoked, UTC.</summary>
    public DateTimeOffset? RevokedAt { get; private set; }

    /// <summary>The token that this one was refreshed from.</summary>
    public Guid? RegeneratedFrom { get; private set; }

    /// <summary>The account that refreshed.</summary>
    public Guid? RegeneratedBy { get; private set; }

    /// <summary>When the refresh happened, UTC.</summary>
    public DateTimeOffset? RegeneratedAt { get; private set; }

    /// <summary>Whether the token's time is over.</summary>
    /// <param name="now">The time to look at.</param>
    public bool IsExpired(DateTimeOffset now) => now >= ExpiresAt;

    /// <summary>Whether the token is neither expired nor revoked.</summary>
    /// <param name="now">The time to look at.</param>
    public bool IsUsable(DateTimeOffset now) => RevokedAt is null && !IsExpired(now);

    /// <summary>Refuses unless the token can be refreshed: a usable one, by the account that it is bound to.</summary>
    /// <param name="by">The account that asks.</param>
    /// <param name="now">The time to look at.</param>
    /// <exception cref="RefusedException">The token is another account's, revoked, or expired.</exception>
    public void GuardRefresh(Guid by, DateTimeOffset now)
    {
        if (UserId != by || RevokedAt is not null)
        {
            throw new RefusedException(TokenErrors.CannotRefresh);
        }

        if (IsExpired(now))
        {
            throw new RefusedException(TokenErrors.TooLateToRefresh);
        }
    }

    /// <summary>Notes the key that the token was issued to.</summary>
    /// <param name="apiKeyId">The key.</param>
    public void IssueTo(Guid? apiKeyId) => ApiKeyId = apiKeyId;

    /// <summary>Notes that this token replaces <paramref name="predecessor"/>.</summary>
    /// <param name="predecessor">The token that was presented; it stays good until its own expiry or revocation.</param>
    /// <param name="by">The account that refreshed.</param>
    public void Replaces(AccessToken predecessor, Guid by)
    {
        RegeneratedFrom = predecessor.Id;
        RegeneratedBy = by;
        RegeneratedAt = CreatedAt;
    }

    /// <summary>Refuses the token from now on; a second revocation changes nothing.</summary>
    /// <param name="now">The time of the revocation.</param>
    public void Revoke(DateTimeOffset now) => RevokedAt ??= now;
}
