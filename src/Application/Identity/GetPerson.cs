using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Shows a person to an administrator.</summary>
/// <param name="Username">The handle, or the address.</param>
[RequireCredential(CredentialKind.Any)]
[RequireTier(Tiers.Administrator, "view users")]
[Rewords("tier_required", ErrorKind.Forbidden, "Admin access required")]
[RestrictAddresses]
[LimitRate(RateClass.Conversations)]
[Refuses(typeof(AccountErrors), nameof(AccountErrors.NotFound))]
public sealed record GetPersonQuery(string Username) : IRequest<PersonView>;

internal sealed class GetPersonHandler(PersonViews people) : IRequestHandler<GetPersonQuery, PersonView>
{
    public async Task<PersonView> Handle(GetPersonQuery query, CancellationToken cancellationToken) => await people.OfAsync(
        (await people.GetAsync(query.Username, cancellationToken)).Id, withNotes: true, cancellationToken);
}
