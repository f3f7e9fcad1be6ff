using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Deletes the caller's own account.</summary>
[RequireCredential(CredentialKind.Any)]
[RestrictAddresses]
[LimitRate(RateClass.Conversations)]
[Refuses(typeof(AccountErrors), nameof(AccountErrors.NotFound))]
[Refuses(typeof(UserErrors), nameof(UserErrors.LastAdministrator), nameof(UserErrors.NotDeleted))]
public sealed record CloseOwnAccountCommand : IRequest;

internal sealed class CloseOwnAccountHandler(PersonRemoval removal, CallRecord record) : IRequestHandler<CloseOwnAccountCommand, Unit>
{
    public async Task<Unit> Handle(CloseOwnAccountCommand command, CancellationToken cancellationToken)
    {
        await removal.RemoveAsync(record.RequiredCaller.UserId, cancellationToken);
        return Unit.Value;
    }
}
