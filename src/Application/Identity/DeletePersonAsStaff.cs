using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Deletes a person as an advanced member of the staff.</summary>
/// <param name="Username">The handle, or the address.</param>
[RequireCredential(CredentialKind.Any)]
[RequireStaff(StaffLevel.Advanced)]
[RestrictAddresses]
[LimitRate(RateClass.Conversations)]
[Refuses(typeof(AccountErrors), nameof(AccountErrors.NotFound))]
[Refuses(typeof(UserErrors), nameof(UserErrors.LastAdministrator), nameof(UserErrors.NotDeleted))]
public sealed record DeletePersonAsStaffCommand(string Username) : IRequest;

internal sealed class DeletePersonAsStaffHandler(PersonViews people, PersonRemoval removal, CallRecord record)
    : IRequestHandler<DeletePersonAsStaffCommand, Unit>
{
    public async Task<Unit> Handle(DeletePersonAsStaffCommand command, CancellationToken cancellationToken)
    {
        var person = await people.GetAsync(command.Username, cancellationToken);
        StaffRights.Guard(record.RequiredCaller, person);
        await removal.RemoveAsync(person.Id, cancellationToken);
        return Unit.Value;
    }
}
