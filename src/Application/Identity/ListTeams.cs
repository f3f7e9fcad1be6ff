using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Lists teams, by name.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "view teams")]
public sealed record ListTeamsQuery : IRequest<IReadOnlyList<TeamSummary>>
{
    /// <summary>Most teams that are listed.</summary>
    public const int Most = 1_000;
}

internal sealed class ListTeamsHandler(IIdentityDb db) : IRequestHandler<ListTeamsQuery, IReadOnlyList<TeamSummary>>
{
    public async Task<IReadOnlyList<TeamSummary>> Handle(ListTeamsQuery query, CancellationToken cancellationToken) =>
        await db.Teams.AsNoTracking().Where(team => team.Active).OrderBy(team => team.NormalisedName).Take(ListTeamsQuery.Most)
            .Select(team => new TeamSummary(team.Id, team.Name, db.Users.Count(user => user.TeamId == team.Id && user.DeletedAt == null)))
            .ToListAsync(cancellationToken);
}
