using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Opens an account for somebody else: in any team as an administrator of the platform, in one's own as one of the team.</summary>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.Administration)]
[Refuses(typeof(UserErrors), nameof(UserErrors.EmailTaken), nameof(UserErrors.NotCreated))]
[Refuses(typeof(AccountTeamErrors), nameof(AccountTeamErrors.NotFound))]
[Rewords("email_taken", ErrorKind.BadRequest, "Email already registered")]
[OmitBodiesFromAudit]
public sealed record AddMemberCommand : IRequest<AccountView>, INamesRole
{
    /// <summary>The address; unique.</summary>
    /// <example>member@example.com</example>
    [Required]
    [MaxLength(User.MaxEmailLength)]
    public Supplied<string> Email { get; init; }

    /// <summary>The password; without one the person signs in by a code.</summary>
    /// <example>secure-password</example>
    [MinLength(8)]
    [MaxLength(256)]
    public Supplied<string> Password { get; init; }

    /// <summary>The number of the team.</summary>
    /// <example>1</example>
    public Supplied<int> TeamId { get; init; }

    /// <inheritdoc/>
    /// <example>key_creator</example>
    [AllowedValues("admin", "key_creator", "read_only")]
    public Supplied<string> Role { get; init; }
}

/// <summary>A request that names a role in a team.</summary>
internal interface INamesRole
{
    /// <summary>What the account may do in its team: <c>admin</c>, <c>key_creator</c> or <c>read_only</c>.</summary>
    Supplied<string> Role { get; }
}

internal sealed class AddMemberValidator : AccountRules<AddMemberCommand>
{
    public AddMemberValidator()
    {
        RequireCaller((_, caller) => caller.IsAdministrator || caller.TeamRole is TeamRole.Admin, AccountErrors.NotAuthorized);
        RequireEmail("email", command => command.Email);
        RequirePassword("password", command => command.Password, optional: true);
        RequireId("team_id", command => command.TeamId, optional: true);
        Require(command => command.Role.IsLeftOut || (command.Role.IsGiven && TeamRoles.Find(command.Role.Value) is not null), AccountErrors.InvalidRole);
        Require(
            command => command.Role.IsLeftOut || command.TeamId.IsGiven, RequestErrors.Unprocessable("role", "left out where there is no team_id"));
    }
}

internal sealed class AddMemberHandler(IIdentityDb db, NewAccounts accounts, OwnCall own) : IRequestHandler<AddMemberCommand, AccountView>
{
    public async Task<AccountView> Handle(AddMemberCommand command, CancellationToken cancellationToken)
    {
        var team = command.TeamId.IsGiven ? await db.GetTeamAsync(own.Caller, command.TeamId.Value, cancellationToken) : null;
        var user = await accounts.AddAsync(
            new NewAccount(command.Email.Value) { Password = command.Password.IsGiven ? command.Password.Value : null }, cancellationToken);
        if (team is not null)
        {
            user.Join(team, own.Now, command.Role.IsGiven ? TeamRoles.Find(command.Role.Value)!.Value : TeamRole.ReadOnly);
        }

        if (own.Caller.IsAdministrator)
        {
            user.VouchForEmail(own.Now);
        }

        await accounts.SaveAsync(cancellationToken);
        return await db.ViewAsync(user.Id, cancellationToken);
    }
}
