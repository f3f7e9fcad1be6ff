using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Issues a new access token in exchange for a usable one of the caller's own.</summary>
/// <param name="Token">The token to refresh.</param>
[RequireCredential(CredentialKind.ApiKey)]
[Refuses(
    typeof(TokenErrors),
    nameof(TokenErrors.CannotRefresh),
    nameof(TokenErrors.TooLateToRefresh),
    nameof(TokenErrors.NotGranted),
    nameof(TokenErrors.NotStored))]
[OmitBodiesFromAudit]
public sealed record RefreshTokenCommand(PresentedCredential Token) : IRequest<IssuedToken>;

internal sealed class RefreshTokenValidator : OrderedValidator<RefreshTokenCommand>
{
    public RefreshTokenValidator()
    {
        Require(command => !command.Token.IsMissing, TokenErrors.Missing);
    }
}

internal sealed class RefreshTokenHandler(AccessTokens tokens, IReadCache cache, CallRecord record, TimeProvider time)
    : IRequestHandler<RefreshTokenCommand, IssuedToken>
{
    public async Task<IssuedToken> Handle(RefreshTokenCommand command, CancellationToken cancellationToken)
    {
        var caller = record.RequiredCaller;
        var token = await tokens.FindAsync(command.Token, cancellationToken) ?? throw new RefusedException(TokenErrors.CannotRefresh);
        token.GuardRefresh(caller.UserId, time.GetUtcNow());
        record.Confirm(token.Id);
        try
        {
            var issued = await tokens.IssueAsync(caller, token, cancellationToken);
            cache.Forget();
            return issued;
        }
        catch (DbUpdateException failure)
        {
            throw new RefusedException(TokenErrors.NotStored, failure);
        }
    }
}
