using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Issues an access token to the holder of an API key.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[Refuses(typeof(TokenErrors), nameof(TokenErrors.NotGranted))]
[OmitBodiesFromAudit]
public sealed record GetTokenCommand : IRequest<IssuedToken>;

/// <summary>A token that was just issued.</summary>
/// <param name="AccessToken">The secret, shown only now.</param>
/// <param name="LifetimeSeconds">How long it is good for.</param>
/// <param name="ExpiresAt">The first instant at which it is refused, UTC.</param>
public sealed record IssuedToken(string AccessToken, int LifetimeSeconds, DateTimeOffset ExpiresAt);

internal sealed class GetTokenHandler(AccessTokens tokens, CallRecord record) : IRequestHandler<GetTokenCommand, IssuedToken>
{
    public Task<IssuedToken> Handle(GetTokenCommand command, CancellationToken cancellationToken) =>
        tokens.IssueAsync(record.RequiredCaller, null, cancellationToken);
}
