using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Changes a team, as one who administers it or the platform. A field that is absent or <c>null</c> stays as it is.</summary>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.General)]
[Refuses(typeof(AccountTeamErrors), nameof(AccountTeamErrors.NotFound), nameof(AccountTeamErrors.NameTaken))]
[Refuses(typeof(AccountErrors), nameof(AccountErrors.EmailRegistered))]
public sealed record ChangeTeamCommand : IRequest<TeamView>
{
    /// <summary>The team's number.</summary>
    [JsonIgnore]
    public Supplied<int> TeamId { get; init; }

    /// <summary>New name; unique without regard to case.</summary>
    /// <example>Our Team</example>
    [MaxLength(Team.MaxNameLength)]
    public Supplied<string> Name { get; init; }

    /// <summary>New address of whoever administers it; unique among teams.</summary>
    /// <example>owner@example.com</example>
    [MaxLength(User.MaxEmailLength)]
    public Supplied<string> AdminEmail { get; init; }

    /// <summary>New telephone number.</summary>
    /// <example>+1234567890</example>
    [MaxLength(Team.MaxPhoneLength)]
    public Supplied<string> Phone { get; init; }

    /// <summary>Where its invoices go from now on.</summary>
    /// <example>123 Main St</example>
    [MaxLength(Team.MaxBillingAddressLength)]
    public Supplied<string> BillingAddress { get; init; }
}

internal sealed class ChangeTeamValidator : AccountRules<ChangeTeamCommand>
{
    public ChangeTeamValidator()
    {
        RequireCaller((_, caller) => caller.IsAdministrator || caller.TeamRole is TeamRole.Admin, AccountErrors.NotAuthorized);
        RequireId("team_id", command => command.TeamId);
        RequireLine("name", command => command.Name, Team.MaxNameLength, optional: true);
        RequireEmail("admin_email", command => command.AdminEmail, optional: true);
        RequireLine("phone", command => command.Phone, Team.MaxPhoneLength, optional: true);
        RequireLine("billing_address", command => command.BillingAddress, Team.MaxBillingAddressLength, optional: true);
    }
}

internal sealed class ChangeTeamHandler(IIdentityDb db, OwnCall own) : IRequestHandler<ChangeTeamCommand, TeamView>
{
    public async Task<TeamView> Handle(ChangeTeamCommand command, CancellationToken cancellationToken)
    {
        var team = await db.GetTeamAsync(own.Caller, command.TeamId.Value, cancellationToken);
        if (command.Name.IsGiven)
        {
            team.Rename(command.Name.Value);
        }

        if (command.AdminEmail.IsGiven)
        {
            team.AdministerBy(command.AdminEmail.Value);
        }

        team.ReachAt(command.Phone.Or(team.Phone ?? string.Empty), command.BillingAddress.Or(team.BillingAddress ?? string.Empty));
        await db.SaveTeamAsync(cancellationToken);
        return await db.Teams.Where(known => known.Id == team.Id).Views().SingleAsync(cancellationToken);
    }
}
