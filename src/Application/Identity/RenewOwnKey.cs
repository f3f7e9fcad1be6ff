using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Makes the caller a new key; the one before is refused at once.</summary>
[RequireCredential(CredentialKind.Any)]
[RestrictAddresses]
[LimitRate(RateClass.Conversations)]
[Refuses(typeof(RequestErrors), nameof(RequestErrors.ChangedMeanwhile))]
[OmitBodiesFromAudit]
public sealed record RenewOwnKeyCommand : IRequest<PersonKey>;

internal sealed class RenewOwnKeyHandler(PersonKeys keys, CallRecord record) : IRequestHandler<RenewOwnKeyCommand, PersonKey>
{
    public Task<PersonKey> Handle(RenewOwnKeyCommand command, CancellationToken cancellationToken) =>
        keys.ReplaceAsync(record.RequiredCaller.UserId, cancellationToken);
}
