namespace AiPlatform.Domain.Identity;

/// <summary>
/// A secret that is good for one new pair of tokens (OAuth 2.0 Security Best Current Practice, RFC 9700, section 4.14). All of
/// one session are a family: whoever presents a spent one ends the session, for two have it and one of them stole it.
/// </summary>
public sealed class RefreshToken
{
    private RefreshToken()
    {
        Hash = string.Empty;
    }

    /// <summary>Records a token that was just made.</summary>
    /// <param name="session">The session that it prolongs.</param>
    /// <param name="hash">HMAC-SHA256 of the secret.</param>
    /// <param name="now">The time of issue.</param>
    public RefreshToken(Session session, string hash, DateTimeOffset now)
    {
        Id = Guid.CreateVersion7(now);
        SessionId = session.Id;
        Hash = hash;
        CreatedAt = now;
        ExpiresAt = session.ExpiresAt;
    }

    /// <summary>UUIDv7.</summary>
    public Guid Id { get; private set; }

    /// <summary>The session that it prolongs.</summary>
    public Guid SessionId { get; private set; }

    /// <summary>HMAC-SHA256 of the secret under the pepper; unique.</summary>
    public string Hash { get; private set; }

    /// <summary>When the token was issued, UTC.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>The first instant at which the token is refused, UTC.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>When the token was exchanged, UTC.</summary>
    public DateTimeOffset? SpentAt { get; private set; }

    /// <summary>Whether the token's time is over.</summary>
    /// <param name="now">The time to look at.</param>
    public bool IsExpired(DateTimeOffset now) => now >= ExpiresAt;
}
