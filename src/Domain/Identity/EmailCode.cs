namespace AiPlatform.Domain.Identity;

/// <summary>A code of six digits that was sent to an address and proves that whoever knows it reads the mail there.</summary>
public sealed class EmailCode
{
    /// <summary>Digits of a code.</summary>
    public const int Digits = 6;

    /// <summary>How often a code may be guessed wrongly before it is worth nothing.</summary>
    public const int MostAttempts = 5;

    /// <summary>How long a code is good for.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private EmailCode()
    {
        Email = Hash = string.Empty;
    }

    /// <summary>Records a code that was just made.</summary>
    /// <param name="email">The normalised address that it goes to.</param>
    /// <param name="hash">HMAC-SHA256 of address and code.</param>
    /// <param name="now">The time.</param>
    public EmailCode(string email, string hash, DateTimeOffset now)
    {
        Id = Guid.CreateVersion7(now);
        Email = email;
        Hash = hash;
        CreatedAt = now;
        ExpiresAt = now + Lifetime;
    }

    /// <summary>UUIDv7.</summary>
    public Guid Id { get; private set; }

    /// <summary>The normalised address that the code went to; one code an address.</summary>
    public string Email { get; private set; }

    /// <summary>HMAC-SHA256 of address and code under the pepper.</summary>
    public string Hash { get; private set; }

    /// <summary>Wrong guesses so far.</summary>
    public int Attempts { get; private set; }

    /// <summary>When the code was made, UTC.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>The first instant at which the code is refused, UTC.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>Whether the code can still be presented.</summary>
    /// <param name="now">The time to look at.</param>
    public bool IsUsable(DateTimeOffset now) => now < ExpiresAt && Attempts < MostAttempts;
}
