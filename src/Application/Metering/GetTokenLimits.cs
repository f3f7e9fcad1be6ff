using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using MediatR;

namespace AiPlatform.Application.Metering;

/// <summary>Shows what the caller may use of the tokens of this month, and how often.</summary>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.Tokens)]
public sealed record GetTokenLimitsQuery : IRequest<TokenLimits>;

/// <summary>What a person may use, and how often.</summary>
/// <param name="Standing">The tokens.</param>
/// <param name="Rates">Requests to the routes of tokens.</param>
public sealed record TokenLimits(TokenStanding Standing, RequestRates Rates);

internal sealed class GetTokenLimitsHandler(CallRecord record, TokenAccounts tokens, IRateWindows windows)
    : IRequestHandler<GetTokenLimitsQuery, TokenLimits>
{
    public async Task<TokenLimits> Handle(GetTokenLimitsQuery query, CancellationToken cancellationToken) =>
        new(await tokens.StandingAsync(record.RequiredCaller, cancellationToken), windows.Of(RateClass.Tokens));
}
