using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Issues an access token to the holder of an API key.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[OmitBodiesFromAudit]
public sealed record GetTokenCommand : IRequest<IssuedToken>;

/// <summary>A token that was just issued.</summary>
/// <param name="AccessToken">The secret, shown only now.</param>
/// <param name="LifetimeSeconds">How long it is good for.</param>
/// <param name="ExpiresAt">The first instant at which it is refused, UTC.</param>
public sealed record IssuedToken(string AccessToken, int LifetimeSeconds, DateTimeOffset ExpiresAt);

internal sealed class GetTokenHandler(IIdentityDb db, ITokenAuthority authority, ISecretIssuer secrets, CallRecord record, TimeProvider time)
    : IRequestHandler<GetTokenCommand, IssuedToken>
{
    public async Task<IssuedToken> Handle(GetTokenCommand command, CancellationToken cancellationToken)
    {
        var terms = await authority.GrantAsync(cancellationToken);
        var owner = await db.Users.SingleAsync(user => user.Id == record.RequiredCaller.UserId, cancellationToken);
        var secret = secrets.NewAccessToken();
        var token = new AccessToken(owner, terms.Issuer, secrets.Hash(secret), terms.Lifetime, time.GetUtcNow());
        db.AccessTokens.Add(token);
        await db.SaveChangesAsync(cancellationToken);
        return new IssuedToken(secret, token.LifetimeSeconds, token.ExpiresAt);
    }
}
