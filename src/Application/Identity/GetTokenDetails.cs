using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Looks up an access token: one of the caller's own, or anybody's for an administrator.</summary>
/// <param name="Token">The token.</param>
[RequireCredential(CredentialKind.ApiKey)]
[Refuses(typeof(TokenErrors), nameof(TokenErrors.DetailsNotFound))]
public sealed record GetTokenDetailsQuery(PresentedCredential Token) : IRequest<TokenDetails>;

/// <summary>Whether a token would be accepted.</summary>
public enum TokenStatus
{
    /// <summary>It would.</summary>
    Valid,

    /// <summary>It is revoked, its account is inactive, or its issuer no longer stands behind it.</summary>
    Invalid,

    /// <summary>Its time is over.</summary>
    Expired,
}

/// <summary>What is known of a token.</summary>
/// <param name="Status">Whether it would be accepted now.</param>
/// <param name="UserId">The account that it is bound to.</param>
/// <param name="Tier">The account's tier when the token was issued.</param>
/// <param name="ExpiresAt">The first instant at which it is refused, UTC.</param>
public sealed record TokenDetails(TokenStatus Status, Guid UserId, int Tier, DateTimeOffset ExpiresAt);

internal sealed class GetTokenDetailsValidator : OrderedValidator<GetTokenDetailsQuery>
{
    public GetTokenDetailsValidator()
    {
        Require(query => !query.Token.IsMissing, TokenErrors.Missing);
    }
}

internal sealed class GetTokenDetailsHandler(
    AccessTokens tokens, IIdentityDb db, ITokenAuthority authority, CallRecord record, TimeProvider time)
    : IRequestHandler<GetTokenDetailsQuery, TokenDetails>
{
    public async Task<TokenDetails> Handle(GetTokenDetailsQuery query, CancellationToken cancellationToken)
    {
        var caller = record.RequiredCaller;
        var token = await tokens.FindAsync(query.Token, cancellationToken);
        if (token is null || (token.UserId != caller.UserId && caller.Tier != Tiers.Administrator))
        {
            throw new RefusedException(TokenErrors.DetailsNotFound);
        }

        record.Confirm(token.Id);
        return new TokenDetails(await StatusAsync(token, cancellationToken), token.UserId, token.Tier, token.ExpiresAt);
    }

    private async Task<TokenStatus> StatusAsync(AccessToken token, CancellationToken cancellationToken)
    {
        if (token.IsExpired(time.GetUtcNow()))
        {
            return TokenStatus.Expired;
        }

        var accepted = token.RevokedAt is null
            && await db.Users.AnyAsync(user => user.Id == token.UserId && user.Active && user.DeletedAt == null, cancellationToken)
            && await authority.VouchesAsync(token.Issuer, cancellationToken);
        return accepted ? TokenStatus.Valid : TokenStatus.Invalid;
    }
}
