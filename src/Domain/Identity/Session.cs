namespace AiPlatform.Domain.Identity;

/// <summary>How a person proved who they are.</summary>
public enum SignInMethod
{
    /// <summary>By a password.</summary>
    Password = 0,

    /// <summary>By a code that was sent to the address.</summary>
    EmailCode = 1,

    /// <summary>At Google.</summary>
    Google = 2,
}

/// <summary>One sign-in: every token of it is refused once it is revoked.</summary>
public sealed class Session
{
    /// <summary>Longest address of a client, in characters: an IPv6 address with a zone.</summary>
    public const int MaxIpAddressLength = 64;

    /// <summary>Longest user agent kept, in characters.</summary>
    public const int MaxUserAgentLength = 500;

    /// <summary>How long a sign-in proves by itself that the person is at hand.</summary>
    public static readonly TimeSpan ProofLifetime = TimeSpan.FromMinutes(5);

    private Session()
    {
    }

    /// <summary>Opens a session.</summary>
    /// <param name="userId">Who signed in.</param>
    /// <param name="method">How.</param>
    /// <param name="now">When.</param>
    /// <param name="lifetime">How long the session can go on at most.</param>
    public Session(Guid userId, SignInMethod method, DateTimeOffset now, TimeSpan lifetime)
    {
        Id = Guid.CreateVersion7(now);
        UserId = userId;
        Method = method;
        CreatedAt = now;
        ExpiresAt = now + lifetime;
    }

    /// <summary>UUIDv7.</summary>
    public Guid Id { get; private set; }

    /// <summary>Who signed in.</summary>
    public Guid UserId { get; private set; }

    /// <summary>How the person proved who they are.</summary>
    public SignInMethod Method { get; private set; }

    /// <summary>The client's address at sign-in.</summary>
    public string? IpAddress { get; private set; }

    /// <summary>The client's <c>User-Agent</c> at sign-in.</summary>
    public string? UserAgent { get; private set; }

    /// <summary>When the session was opened, UTC.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>The first instant at which no token of it is accepted, UTC.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>When the session was ended, UTC.</summary>
    public DateTimeOffset? RevokedAt { get; private set; }

    /// <summary>Notes where the session was opened from.</summary>
    /// <param name="ipAddress">The client's address.</param>
    /// <param name="userAgent">The client's <c>User-Agent</c>, at most <see cref="MaxUserAgentLength"/> characters.</param>
    public void OpenFrom(string? ipAddress, string? userAgent) => (IpAddress, UserAgent) = (ipAddress, userAgent);

    /// <summary>Whether tokens of the session are accepted.</summary>
    /// <param name="now">The time to look at.</param>
    public bool IsOpen(DateTimeOffset now) => RevokedAt is null && now < ExpiresAt;

    /// <summary>
    /// Whether the person proved just now who they are, without a password: by a code or at Google. Prolonging a session proves nothing
    /// anew.
    /// </summary>
    /// <param name="now">The time to look at.</param>
    public bool IsFreshProof(DateTimeOffset now) =>
        Method is not SignInMethod.Password && IsOpen(now) && now < CreatedAt + ProofLifetime;

    /// <summary>Refuses every token of the session from now on; a second revocation changes nothing.</summary>
    /// <param name="now">The time of the revocation.</param>
    public void Revoke(DateTimeOffset now) => RevokedAt ??= now;
}
