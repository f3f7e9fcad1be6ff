using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>
/// Changes somebody's account. Who administers a team changes the roles of its members, but neither moves them elsewhere nor
/// touches an administrator or a member of the staff of the platform.
/// </summary>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.Administration)]
[Refuses(typeof(AccountErrors), nameof(AccountErrors.NotFound), nameof(AccountErrors.EmailRegistered))]
[Refuses(typeof(AccountTeamErrors), nameof(AccountTeamErrors.NotFound))]
[OmitBodiesFromAudit]
public sealed record ChangeMemberCommand : IRequest<AccountView>, INamesRole
{
    /// <summary>The account's number.</summary>
    [JsonIgnore]
    public Supplied<int> UserId { get; init; }

    /// <summary>New address; unique.</summary>
    /// <example>renamed@example.com</example>
    [MaxLength(User.MaxEmailLength)]
    public Supplied<string> Email { get; init; }

    /// <inheritdoc/>
    /// <example>read_only</example>
    [AllowedValues("admin", "key_creator", "read_only")]
    public Supplied<string> Role { get; init; }

    /// <summary>The number of the new team.</summary>
    /// <example>1</example>
    public Supplied<int> TeamId { get; init; }
}

internal sealed class ChangeMemberValidator : AccountRules<ChangeMemberCommand>
{
    public ChangeMemberValidator()
    {
        RequireCaller((_, caller) => caller.IsAdministrator || caller.TeamRole is TeamRole.Admin, AccountErrors.NotAuthorized);
        RequireId("user_id", command => command.UserId);
        RequireEmail("email", command => command.Email, optional: true);
        RequireId("team_id", command => command.TeamId, optional: true);
        Require(command => command.Role.IsLeftOut || (command.Role.IsGiven && TeamRoles.Find(command.Role.Value) is not null), AccountErrors.InvalidRole);
    }
}

internal sealed class ChangeMemberHandler(IIdentityDb db, OwnCall own) : IRequestHandler<ChangeMemberCommand, AccountView>
{
    public async Task<AccountView> Handle(ChangeMemberCommand command, CancellationToken cancellationToken)
    {
        var user = await db.GetAccountAsync(own.Caller, command.UserId.Value, cancellationToken);
        if (!own.Caller.IsAdministrator && (user.Tier == Tiers.Administrator || user.StaffLevel is not null))
        {
            throw new RefusedException(AccountErrors.NotAuthorized);
        }

        if (command.Email.IsGiven)
        {
            user.ChangeEmail(command.Email.Value, own.Now);
        }

        await MoveAsync(user, command, cancellationToken);
        await db.SaveMemberAsync(cancellationToken);
        own.Forget();
        return await db.ViewAsync(user.Id, cancellationToken);
    }

    private async Task MoveAsync(User user, ChangeMemberCommand command, CancellationToken cancellationToken)
    {
        if (command.TeamId.IsGiven)
        {
            var team = await db.GetTeamAsync(own.Caller, command.TeamId.Value, cancellationToken);
            if (!own.Caller.IsAdministrator && user.TeamId != team.Id)
            {
                throw new RefusedException(AccountErrors.NotAuthorized);
            }

            user.Join(team, own.Now, user.TeamId == team.Id ? user.TeamRole ?? TeamRole.ReadOnly : TeamRole.ReadOnly);
        }

        if (command.Role.IsGiven)
        {
            if (user.TeamId is null)
            {
                throw new RefusedException(AccountErrors.InvalidRole);
            }

            user.ActAs(TeamRoles.Find(command.Role.Value)!.Value, own.Now);
        }
    }
}
