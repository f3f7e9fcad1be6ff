using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Moves an account into a team, or out of every team; the team's limits bind its calls from then on.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "assign teams")]
[Refuses(typeof(UserErrors), nameof(UserErrors.NotFound), nameof(UserErrors.NotUpdated))]
[Refuses(typeof(TeamErrors), nameof(TeamErrors.NotFound))]
public sealed record AssignTeamCommand : IRequest<TeamMembership>
{
    /// <summary>Longest id that is looked up, in characters.</summary>
    public const int MaxIdLength = 100;

    /// <summary>A usable access token of the administrator.</summary>
    /// <example>the token that GET /get-token answered</example>
    [Required]
    public Supplied<string> Token { get; init; }

    /// <summary>The account, a UUID.</summary>
    /// <example>01890a5d-ac96-774b-bcce-b302099a8057</example>
    [Required]
    [MaxLength(MaxIdLength)]
    public Supplied<string> UserId { get; init; }

    /// <summary>The team, a UUID; empty for no team.</summary>
    /// <example>0195f3a2-6c1e-7b8d-9a4f-2f1d3c5b7e90</example>
    [Required]
    [MaxLength(MaxIdLength)]
    public Supplied<string> TeamId { get; init; }
}

/// <summary>The team of an account.</summary>
/// <param name="UserId">The account.</param>
/// <param name="TeamId">Its team; <see langword="null"/> for none.</param>
public sealed record TeamMembership(Guid UserId, Guid? TeamId);

internal sealed class AssignTeamValidator : OrderedValidator<AssignTeamCommand>
{
    public AssignTeamValidator()
    {
        RequireBody();
        RequireFields(("token", command => command.Token), ("user_id", command => command.UserId));
        RequireConfirmation(command => command.Token.Value);
        RequireText("user_id", command => command.UserId, AssignTeamCommand.MaxIdLength);
        Require(
            command => command.TeamId.IsGiven && command.TeamId.Value.Length <= AssignTeamCommand.MaxIdLength,
            RequestErrors.Invalid("team_id must be the ID of a team, or empty for no team"));
    }
}

internal sealed class AssignTeamHandler(IIdentityDb db, IReadCache cache, TimeProvider time)
    : IRequestHandler<AssignTeamCommand, TeamMembership>
{
    public async Task<TeamMembership> Handle(AssignTeamCommand command, CancellationToken cancellationToken)
    {
        var user = await db.GetAccountAsync(command.UserId.Value, cancellationToken);
        user.Join(await FindTeamAsync(command.TeamId.Value, cancellationToken), time.GetUtcNow());
        await db.SaveAccountAsync(UserErrors.NotUpdated, cancellationToken);
        cache.Forget();
        return new TeamMembership(user.Id, user.TeamId);
    }

    private async Task<Team?> FindTeamAsync(string id, CancellationToken cancellationToken)
    {
        if (id.Length == 0)
        {
            return null;
        }

        return (Accounts.TryReadId(id, out var teamId) ? await db.Teams.FirstOrDefaultAsync(team => team.Id == teamId && team.Active, cancellationToken) : null)
            ?? throw new RefusedException(TeamErrors.NotFound(AuditText.Cut(id, AssignTeamCommand.MaxIdLength)!));
    }
}
