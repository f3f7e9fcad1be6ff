using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Shows the caller's key.</summary>
[RequireCredential(CredentialKind.Any)]
[RestrictAddresses]
[LimitRate(RateClass.Conversations)]
[Refuses(typeof(PersonKeyErrors), nameof(PersonKeyErrors.None))]
[OmitBodiesFromAudit]
public sealed record GetOwnKeyQuery : IRequest<PersonKey>;

internal sealed class GetOwnKeyHandler(PersonKeys keys, CallRecord record) : IRequestHandler<GetOwnKeyQuery, PersonKey>
{
    public Task<PersonKey> Handle(GetOwnKeyQuery query, CancellationToken cancellationToken) =>
        keys.GetAsync(record.RequiredCaller.UserId, cancellationToken);
}
