using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using MediatR;

namespace AiPlatform.Application.Metering;

/// <summary>Shows what the caller says of themselves, and how they stand with the tokens of this month.</summary>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.General)]
public sealed record GetProfileQuery : IRequest<ProfileView>;

/// <summary>A person, and their tokens.</summary>
/// <param name="Profile">The person.</param>
/// <param name="Tokens">The tokens.</param>
public sealed record ProfileView(OwnProfile Profile, TokenStanding Tokens);

internal sealed class GetProfileHandler(IOwnProfiles profiles, CallRecord record, TokenAccounts tokens) : IRequestHandler<GetProfileQuery, ProfileView>
{
    public async Task<ProfileView> Handle(GetProfileQuery query, CancellationToken cancellationToken) => new(
        await profiles.GetAsync(record.RequiredCaller.UserId, cancellationToken),
        await tokens.StandingAsync(record.RequiredCaller, cancellationToken));
}
