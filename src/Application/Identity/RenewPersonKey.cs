using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Makes a person a new key; the one before is refused at once.</summary>
/// <param name="Username">The handle, or the address.</param>
[RequireCredential(CredentialKind.Any)]
[RequireTier(Tiers.Administrator, "renew keys")]
[Rewords("tier_required", ErrorKind.Forbidden, "Admin access required")]
[RestrictAddresses]
[LimitRate(RateClass.Conversations)]
[Refuses(typeof(AccountErrors), nameof(AccountErrors.NotFound))]
[Refuses(typeof(RequestErrors), nameof(RequestErrors.ChangedMeanwhile))]
[OmitBodiesFromAudit]
public sealed record RenewPersonKeyCommand(string Username) : IRequest<PersonKey>;

internal sealed class RenewPersonKeyHandler(PersonViews people, PersonKeys keys) : IRequestHandler<RenewPersonKeyCommand, PersonKey>
{
    public async Task<PersonKey> Handle(RenewPersonKeyCommand command, CancellationToken cancellationToken) =>
        await keys.ReplaceAsync((await people.GetAsync(command.Username, cancellationToken)).Id, cancellationToken);
}
