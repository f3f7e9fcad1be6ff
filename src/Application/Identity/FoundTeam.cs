using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Founds a team. A caller who belongs to none and is no administrator of the platform administers it.</summary>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.General)]
[Refuses(typeof(AccountErrors), nameof(AccountErrors.EmailRegistered))]
[Refuses(typeof(AccountTeamErrors), nameof(AccountTeamErrors.NameTaken))]
public sealed record FoundTeamCommand : IRequest<TeamView>
{
    /// <summary>Its name, unique without regard to case.</summary>
    /// <example>My Team</example>
    [Required]
    [MaxLength(Team.MaxNameLength)]
    public Supplied<string> Name { get; init; }

    /// <summary>The address of whoever administers it; unique among teams.</summary>
    /// <example>admin@example.com</example>
    [Required]
    [MaxLength(User.MaxEmailLength)]
    public Supplied<string> AdminEmail { get; init; }

    /// <summary>Its telephone number.</summary>
    /// <example>+1234567890</example>
    [MaxLength(Team.MaxPhoneLength)]
    public Supplied<string> Phone { get; init; }

    /// <summary>Where its invoices go.</summary>
    /// <example>123 Main St</example>
    [MaxLength(Team.MaxBillingAddressLength)]
    public Supplied<string> BillingAddress { get; init; }
}

internal sealed class FoundTeamValidator : AccountRules<FoundTeamCommand>
{
    public FoundTeamValidator()
    {
        RequireLine("name", command => command.Name, Team.MaxNameLength);
        RequireEmail("admin_email", command => command.AdminEmail);
        RequireLine("phone", command => command.Phone, Team.MaxPhoneLength, optional: true);
        RequireLine("billing_address", command => command.BillingAddress, Team.MaxBillingAddressLength, optional: true);
    }
}

internal sealed class FoundTeamHandler(IIdentityDb db, OwnCall own) : IRequestHandler<FoundTeamCommand, TeamView>
{
    public async Task<TeamView> Handle(FoundTeamCommand command, CancellationToken cancellationToken)
    {
        var team = new Team(command.Name.Value, own.Now);
        team.AdministerBy(command.AdminEmail.Value);
        team.ReachAt(command.Phone.Or(string.Empty), command.BillingAddress.Or(string.Empty));
        db.Teams.Add(team);
        if (own.Caller is { TeamId: null, IsAdministrator: false })
        {
            var founder = await db.Users.SingleAsync(user => user.Id == own.Caller.UserId, cancellationToken);
            founder.Join(team, own.Now, TeamRole.Admin);
        }

        await db.SaveTeamAsync(cancellationToken);
        own.Forget();
        return await db.Teams.Where(known => known.Id == team.Id).Views().SingleAsync(cancellationToken);
    }
}
