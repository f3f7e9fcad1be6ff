using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>A team as the account surface (seed 002) shows it.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="AdminEmail">The address of whoever administers it.</param>
/// <param name="Phone">Its telephone number.</param>
/// <param name="BillingAddress">Where its invoices go.</param>
/// <param name="Active">Whether it exists for its members.</param>
/// <param name="CreatedAt">When it was founded, UTC.</param>
public sealed record TeamView(
    long Number, string Name, string? AdminEmail, string? Phone, string? BillingAddress, bool Active, DateTimeOffset CreatedAt);

internal static class TeamViews
{
    /// <summary>Teams as the surface shows them.</summary>
    public static IQueryable<TeamView> Views(this IQueryable<Team> teams) => teams.Select(team => new TeamView(
        team.Numbering!.Number, team.Name, team.AdminEmail, team.Phone, team.BillingAddress, team.Active, team.CreatedAt));

    /// <summary>A team by its number.</summary>
    /// <exception cref="RefusedException">There is none that the caller may see: its members may, and administrators.</exception>
    public static async Task<Team> GetTeamAsync(this IIdentityDb db, Caller caller, int number, CancellationToken cancellationToken) =>
        await db.Teams.Where(team => team.Active && (caller.IsAdministrator || team.Id == caller.TeamId))
            .FirstOrDefaultAsync(team => team.Numbering!.Number == number, cancellationToken)
            ?? throw new RefusedException(AccountTeamErrors.NotFound);

    /// <summary>Saves; a race for a name or an address is answered in the words of this surface.</summary>
    public static async Task SaveTeamAsync(this IIdentityDb db, CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException conflict) when (conflict.InnerException?.Message is { } message && message.Contains("teams", StringComparison.Ordinal))
        {
            var byEmail = message.Contains("admin_email", StringComparison.Ordinal);
            throw new RefusedException(byEmail ? AccountErrors.EmailRegistered : AccountTeamErrors.NameTaken, conflict);
        }
    }
}

/// <summary>What the account surface refuses about teams.</summary>
public static class AccountTeamErrors
{
    /// <summary>There is no such team, or not for this caller to see.</summary>
    public static readonly Error NotFound = new("account_team_not_found", ErrorKind.NotFound, "Team not found");

    /// <summary>Another team has the name.</summary>
    public static readonly Error NameTaken = new("account_team_name_taken", ErrorKind.BadRequest, "Team name already registered");

    /// <summary>Somebody still belongs to the team.</summary>
    public static readonly Error InUse =
        new("team_in_use", ErrorKind.BadRequest, "Cannot delete team with associated users or AI keys");
}
