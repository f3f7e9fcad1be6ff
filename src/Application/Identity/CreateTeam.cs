using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Founds a team.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "create teams")]
[Refuses(typeof(TeamErrors), nameof(TeamErrors.NameTaken))]
public sealed record CreateTeamCommand : IRequest<TeamSummary>
{
    /// <summary>A usable access token of the administrator.</summary>
    /// <example>the token that GET /get-token answered</example>
    [Required]
    public Supplied<string> Token { get; init; }

    /// <summary>The team's name, unique without regard to case.</summary>
    /// <example>Research</example>
    [Required]
    [MaxLength(Team.MaxNameLength)]
    public Supplied<string> TeamName { get; init; }
}

/// <summary>A team.</summary>
/// <param name="Id">The team.</param>
/// <param name="Name">Its name.</param>
/// <param name="Members">How many accounts belong to it.</param>
public sealed record TeamSummary(Guid Id, string Name, int Members);

internal sealed class CreateTeamValidator : OrderedValidator<CreateTeamCommand>
{
    public CreateTeamValidator()
    {
        RequireBody();
        RequireFields(("token", command => command.Token), ("team_name", command => command.TeamName));
        RequireConfirmation(command => command.Token.Value);
        RequireText("team_name", command => command.TeamName, Team.MaxNameLength);
        Require(command => !command.TeamName.Value.Any(char.IsControl), RequestErrors.Invalid("team_name must not contain control characters"));
    }
}

internal sealed class CreateTeamHandler(IIdentityDb db, TimeProvider time) : IRequestHandler<CreateTeamCommand, TeamSummary>
{
    public async Task<TeamSummary> Handle(CreateTeamCommand command, CancellationToken cancellationToken)
    {
        var team = new Team(command.TeamName.Value, time.GetUtcNow());
        db.Teams.Add(team);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException conflict) when (conflict.InnerException?.Message.Contains("teams", StringComparison.Ordinal) is true)
        {
            throw new RefusedException(TeamErrors.NameTaken, conflict);
        }

        return new TeamSummary(team.Id, team.Name, 0);
    }
}
