using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Finds access tokens by their secrets, and issues new ones.</summary>
internal sealed class AccessTokens(
    IIdentityDb db, ITokenAuthority authority, ISecretIssuer secrets, ITokenPolicy policy, TimeProvider time)
{
    /// <summary>The token of a secret, in whatever state; <see langword="null"/> where there is none.</summary>
    public async Task<AccessToken?> FindAsync(PresentedCredential presented, CancellationToken cancellationToken)
    {
        if (presented.Secret is not { Length: <= Credentials.MaxSecretLength } secret)
        {
            return null;
        }

        var hash = secrets.Hash(secret).Hash;
        return await db.AccessTokens.FirstOrDefaultAsync(token => token.Hash == hash, cancellationToken);
    }

    /// <summary>Issues a token that carries its owner's current tier, and stores it before anybody sees it.</summary>
    /// <param name="holder">Who presented the API key that it is issued to, and whose limits bind it.</param>
    /// <param name="predecessor">The token that it is refreshed from, where there is one.</param>
    /// <param name="cancellationToken">Gives up before the token is stored.</param>
    /// <exception cref="RefusedException">The holder presented an access token: one that could renew itself would never end.</exception>
    public async Task<IssuedToken> IssueAsync(Caller holder, AccessToken? predecessor, CancellationToken cancellationToken)
    {
        if (holder.AccessTokenId is not null)
        {
            throw new RefusedException(CredentialErrors.ApiKeyInvalid);
        }

        var terms = await authority.GrantAsync(cancellationToken);
        var owner = await db.Users.SingleAsync(user => user.Id == holder.UserId, cancellationToken);
        var now = time.GetUtcNow();
        var secret = secrets.NewAccessToken();
        var token = new AccessToken(owner, terms.Issuer, secrets.Hash(secret), terms.Lifetime, now);
        token.IssueTo(holder.ApiKeyId);
        if (predecessor is not null)
        {
            token.Replaces(predecessor, holder.UserId);
            if (policy.RevokeOnRefresh)
            {
                predecessor.Revoke(now);
            }
        }

        db.AccessTokens.Add(token);
        await db.SaveChangesAsync(cancellationToken);
        return new IssuedToken(secret, token.LifetimeSeconds, token.ExpiresAt);
    }
}
