namespace AiPlatform.Domain.Identity;

/// <summary>What form an API key has, and so which surface documents it.</summary>
public enum ApiKeyKind
{
    /// <summary>A UUID, as seed 000 documents it.</summary>
    Uuid = 0,
}

/// <summary>A long-lived secret that identifies its account on every surface; only its hash is kept.</summary>
public sealed class ApiKey
{
    private ApiKey()
    {
        Hash = Prefix = string.Empty;
    }

    /// <summary>Records a key that was just made.</summary>
    /// <param name="userId">The account that it identifies.</param>
    /// <param name="kind">Its form.</param>
    /// <param name="secret">What is kept of the key.</param>
    /// <param name="now">The time of creation.</param>
    public ApiKey(Guid userId, ApiKeyKind kind, HashedSecret secret, DateTimeOffset now)
    {
        Id = Guid.CreateVersion7(now);
        UserId = userId;
        Kind = kind;
        (Hash, Prefix) = secret;
        CreatedAt = now;
    }

    /// <summary>UUIDv7.</summary>
    public Guid Id { get; private set; }

    /// <summary>The account that the key identifies.</summary>
    public Guid UserId { get; private set; }

    /// <summary>The form of the secret.</summary>
    public ApiKeyKind Kind { get; private set; }

    /// <summary>HMAC-SHA256 of the secret under the pepper; unique.</summary>
    public string Hash { get; private set; }

    /// <summary>The first characters of the secret.</summary>
    public string Prefix { get; private set; }

    /// <summary>When the key was made, UTC.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When the key was revoked, UTC.</summary>
    public DateTimeOffset? RevokedAt { get; private set; }

    /// <summary>Refuses the key from now on; a second revocation changes nothing.</summary>
    /// <param name="now">The time of the revocation.</param>
    public void Revoke(DateTimeOffset now) => RevokedAt ??= now;
}
