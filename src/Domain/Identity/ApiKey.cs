namespace AiPlatform.Domain.Identity;

/// <summary>What form an API key has, and so which surface documents it.</summary>
public enum ApiKeyKind
{
    /// <summary>A UUID, as seed 000 documents it.</summary>
    Uuid = 0,

    /// <summary>64 hexadecimal digits, paid for from the wallet (seed 001).</summary>
    Hexadecimal = 1,

    /// <summary><c>sk-</c> and 43 base64url characters (seed 002).</summary>
    Sk = 2,

    /// <summary><c>sk_live_</c> and 32 letters and digits (seed 003).</summary>
    SkLive = 3,

    /// <summary><c>pe-</c> and 32 letters and digits (seed 004); its owner can read it again.</summary>
    Pe = 4,
}

/// <summary>A long-lived secret that identifies its account on every surface; only its hash is kept.</summary>
public sealed class ApiKey
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxNameLength = 100;

    /// <summary>Longest encrypted secret, in characters.</summary>
    public const int MaxSealedLength = 1000;

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
        Active = true;
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

    /// <summary>What its owner calls it; unique among the owner's keys of its kind.</summary>
    public string? Name { get; private set; }

    /// <summary>The last characters of the secret, where its surface shows them.</summary>
    public string? Suffix { get; private set; }

    /// <summary>The secret itself, encrypted, where its owner may read it again.</summary>
    public string? SealedSecret { get; private set; }

    /// <summary>Whether the key is switched on; a key that was revoked stays so.</summary>
    public bool Active { get; private set; }

    /// <summary>The first instant at which the key is refused, UTC; none for a key that stays.</summary>
    public DateTimeOffset? ExpiresAt { get; private set; }

    /// <summary>When the key was made, UTC.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When the key was revoked, UTC.</summary>
    public DateTimeOffset? RevokedAt { get; private set; }

    /// <summary>Names the key.</summary>
    /// <param name="name">1 to <see cref="MaxNameLength"/> characters.</param>
    public void Rename(string name) => Name = name;

    /// <summary>Ends the key at an instant.</summary>
    /// <param name="at">The first instant at which it is refused.</param>
    public void ExpireAt(DateTimeOffset at) => ExpiresAt = at;

    /// <summary>Keeps what shows which key this is.</summary>
    /// <param name="suffix">The last characters of the secret.</param>
    public void ShowBy(string suffix) => Suffix = suffix;

    /// <summary>Keeps the secret for its owner to read.</summary>
    /// <param name="sealedSecret">The secret, encrypted.</param>
    public void Keep(string sealedSecret) => SealedSecret = sealedSecret;

    /// <summary>Switches the key on or off.</summary>
    /// <param name="active">Whether it is accepted.</param>
    public void SetActive(bool active) => Active = active;

    /// <summary>Refuses the key from now on; a second revocation changes nothing.</summary>
    /// <param name="now">The time of the revocation.</param>
    public void Revoke(DateTimeOffset now) => RevokedAt ??= now;
}
