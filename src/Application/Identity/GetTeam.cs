using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Shows a team to its members and to administrators.</summary>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.General)]
[Refuses(typeof(AccountTeamErrors), nameof(AccountTeamErrors.NotFound))]
public sealed record GetTeamQuery(Supplied<int> TeamId) : IRequest<TeamView>;

internal sealed class GetTeamValidator : AccountRules<GetTeamQuery>
{
    public GetTeamValidator() => RequireId("team_id", query => query.TeamId);
}

internal sealed class GetTeamHandler(IIdentityDb db, CallRecord record) : IRequestHandler<GetTeamQuery, TeamView>
{
    public async Task<TeamView> Handle(GetTeamQuery query, CancellationToken cancellationToken)
    {
        var team = await db.GetTeamAsync(record.RequiredCaller, query.TeamId.Value, cancellationToken);
        return await db.Teams.Where(known => known.Id == team.Id).Views().SingleAsync(cancellationToken);
    }
}
