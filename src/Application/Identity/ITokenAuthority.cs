using AiPlatform.Domain.Identity;

namespace AiPlatform.Application.Identity;

/// <summary>What an issued token is good for.</summary>
/// <param name="Issuer">Who stands behind it.</param>
/// <param name="Lifetime">How long it is good for; whole seconds, more than zero.</param>
public sealed record TokenTerms(TokenIssuer Issuer, TimeSpan Lifetime);

/// <summary>Who stands behind access tokens: this platform, or the organisation's identity provider behind it.</summary>
public interface ITokenAuthority
{
    /// <summary>The terms on which a token can be issued now.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="Domain.Shared.RefusedException">The identity provider refuses or cannot be reached.</exception>
    Task<TokenTerms> GrantAsync(CancellationToken cancellationToken);

    /// <summary>Whether the issuer of a token still stands behind it; an issuer that cannot be asked does not.</summary>
    /// <param name="issuer">The token's issuer.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<bool> VouchesAsync(TokenIssuer issuer, CancellationToken cancellationToken);
}
