using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Deletes a person as an administrator.</summary>
/// <param name="Username">The handle, or the address.</param>
[RequireCredential(CredentialKind.Any)]
[RequireTier(Tiers.Administrator, "delete users")]
[Rewords("tier_required", ErrorKind.Forbidden, "Admin access required")]
[RestrictAddresses]
[LimitRate(RateClass.Conversations)]
[Refuses(typeof(AccountErrors), nameof(AccountErrors.NotFound))]
[Refuses(typeof(UserErrors), nameof(UserErrors.CannotDeleteSelf), nameof(UserErrors.LastAdministrator), nameof(UserErrors.NotDeleted))]
public sealed record DeletePersonCommand(string Username) : IRequest;

internal sealed class DeletePersonHandler(PersonViews people, PersonRemoval removal, CallRecord record) : IRequestHandler<DeletePersonCommand, Unit>
{
    public async Task<Unit> Handle(DeletePersonCommand command, CancellationToken cancellationToken)
    {
        var person = await people.GetAsync(command.Username, cancellationToken);
        if (person.Id == record.RequiredCaller.UserId)
        {
            throw new RefusedException(UserErrors.CannotDeleteSelf);
        }

        await removal.RemoveAsync(person.Id, cancellationToken);
        return Unit.Value;
    }
}
