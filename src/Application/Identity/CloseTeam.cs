using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Closes a team without members; the row stays, because the ledger points to it.</summary>
/// <param name="TeamId">The team's number.</param>
[RequireCredential(CredentialKind.Any)]
[RequireTier(Tiers.Administrator, "delete teams")]
[Rewords("tier_required", ErrorKind.Forbidden, "Not authorized to perform this action")]
[LimitRate(RateClass.Administration)]
[Refuses(typeof(AccountTeamErrors), nameof(AccountTeamErrors.NotFound), nameof(AccountTeamErrors.InUse))]
public sealed record CloseTeamCommand(Supplied<int> TeamId) : IRequest;

internal sealed class CloseTeamValidator : AccountRules<CloseTeamCommand>
{
    public CloseTeamValidator() => RequireId("team_id", command => command.TeamId);
}

internal sealed class CloseTeamHandler(IIdentityDb db, OwnCall own) : IRequestHandler<CloseTeamCommand, Unit>
{
    public async Task<Unit> Handle(CloseTeamCommand command, CancellationToken cancellationToken)
    {
        var team = await db.GetTeamAsync(own.Caller, command.TeamId.Value, cancellationToken);
        if (await db.Users.AnyAsync(user => user.TeamId == team.Id && user.DeletedAt == null, cancellationToken))
        {
            throw new RefusedException(AccountTeamErrors.InUse);
        }

        team.Close();
        await db.SaveChangesAsync(cancellationToken);
        return Unit.Value;
    }
}
