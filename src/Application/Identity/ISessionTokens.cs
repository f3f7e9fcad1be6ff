namespace AiPlatform.Application.Identity;

/// <summary>What a session token says (RFC 7519).</summary>
/// <param name="UserId"><c>sub</c>: who signed in.</param>
/// <param name="SessionId"><c>sid</c>: the session.</param>
/// <param name="IssuedAt"><c>iat</c>.</param>
/// <param name="ExpiresAt"><c>exp</c>: the first instant at which the token is refused.</param>
public sealed record SessionClaims(Guid UserId, Guid SessionId, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt);

/// <summary>Signs session tokens and checks their signatures: HS256 and no other, by keys that follow one another.</summary>
public interface ISessionTokens
{
    /// <summary>Signs a token with the newest key.</summary>
    /// <param name="claims">What it says.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<string> SignAsync(SessionClaims claims, CancellationToken cancellationToken);

    /// <summary>Reads a token.</summary>
    /// <param name="token">The token as presented.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>
    /// What it says, its time over or not; <see langword="null"/> where it was not signed here, by another algorithm, by a key that has retired,
    /// for somebody else, or for a time to come.
    /// </returns>
    Task<SessionClaims?> ReadAsync(string token, CancellationToken cancellationToken);
}
