using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Deletes an account with all its credentials. Its ledger and audit records stay.</summary>
/// <param name="UserId">The account's number.</param>
[RequireCredential(CredentialKind.Any)]
[RequireTier(Tiers.Administrator, "delete users")]
[Rewords("tier_required", ErrorKind.Forbidden, "Not authorized to perform this action")]
[LimitRate(RateClass.Administration)]
[Refuses(typeof(AccountErrors), nameof(AccountErrors.NotFound))]
[Refuses(typeof(UserErrors), nameof(UserErrors.CannotDeleteSelf), nameof(UserErrors.LastAdministrator), nameof(UserErrors.NotDeleted))]
public sealed record RemoveAccountCommand(Supplied<int> UserId) : IRequest;

internal sealed class RemoveAccountValidator : AccountRules<RemoveAccountCommand>
{
    public RemoveAccountValidator() => RequireId("user_id", command => command.UserId);
}

internal sealed class RemoveAccountHandler(IIdentityDb db, OwnCall own) : IRequestHandler<RemoveAccountCommand, Unit>
{
    public async Task<Unit> Handle(RemoveAccountCommand command, CancellationToken cancellationToken)
    {
        await using var change = await db.LockAdministratorsAsync(cancellationToken);
        var user = await db.GetAccountAsync(own.Caller, command.UserId.Value, cancellationToken);
        user.Delete(own.Caller.UserId, own.Now);
        await db.GuardLastAdministratorAsync(user, cancellationToken);
        await db.SaveAccountAsync(UserErrors.NotDeleted, cancellationToken);
        await db.RemoveCredentialsAsync(user.Id, cancellationToken);
        await change.CommitAsync(cancellationToken);
        own.Forget();
        return Unit.Value;
    }
}
