namespace AiPlatform.Domain.Identity;

/// <summary>A key that signs session tokens (RFC 7515, HS256). An older one still verifies what it signed until it retires.</summary>
public sealed class SigningKey
{
    /// <summary>Longest encrypted key, in characters.</summary>
    public const int MaxSealedLength = 1000;

    private SigningKey()
    {
        SealedSecret = string.Empty;
    }

    /// <summary>Records a key that was just made.</summary>
    /// <param name="sealedSecret">Its 256 bits, encrypted.</param>
    /// <param name="now">The time; the newest key signs.</param>
    public SigningKey(string sealedSecret, DateTimeOffset now)
    {
        Id = Guid.CreateVersion7(now);
        SealedSecret = sealedSecret;
        CreatedAt = now;
    }

    /// <summary>UUIDv7; a token names it as <c>kid</c>.</summary>
    public Guid Id { get; private set; }

    /// <summary>The key, encrypted.</summary>
    public string SealedSecret { get; private set; }

    /// <summary>When the key was made, UTC.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>The first instant at which nothing that it signed is accepted, UTC; none while it is the newest.</summary>
    public DateTimeOffset? RetiresAt { get; private set; }

    /// <summary>Has the key end once the last token that it signed is over.</summary>
    /// <param name="at">That instant.</param>
    public void RetireAt(DateTimeOffset at) => RetiresAt ??= at;
}
