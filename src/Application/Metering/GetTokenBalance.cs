using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using MediatR;

namespace AiPlatform.Application.Metering;

/// <summary>Shows how the caller stands with the tokens of this month.</summary>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.Tokens)]
public sealed record GetTokenBalanceQuery : IRequest<TokenStanding>;

internal sealed class GetTokenBalanceHandler(CallRecord record, TokenAccounts tokens) : IRequestHandler<GetTokenBalanceQuery, TokenStanding>
{
    public Task<TokenStanding> Handle(GetTokenBalanceQuery query, CancellationToken cancellationToken) =>
        tokens.StandingAsync(record.RequiredCaller, cancellationToken);
}
