using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Shows the caller's own profile.</summary>
[RequireCredential(CredentialKind.Any)]
[RestrictAddresses]
[LimitRate(RateClass.Conversations)]
public sealed record GetOwnProfileQuery : IRequest<PersonView>;

internal sealed class GetOwnProfileHandler(PersonViews people, CallRecord record) : IRequestHandler<GetOwnProfileQuery, PersonView>
{
    public Task<PersonView> Handle(GetOwnProfileQuery query, CancellationToken cancellationToken) =>
        people.OfAsync(record.RequiredCaller.UserId, withNotes: true, cancellationToken);
}
