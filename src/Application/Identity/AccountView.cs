using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>An account as the account surface (seed 002) shows it.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Email">The address.</param>
/// <param name="Active">Whether its credentials are accepted.</param>
/// <param name="IsAdmin">Whether it administers the platform.</param>
/// <param name="TeamNumber">The number of its team.</param>
/// <param name="Role">What it may do there.</param>
public sealed record AccountView(long Number, string Email, bool Active, bool IsAdmin, long? TeamNumber, TeamRole? Role);

/// <summary>What the account surface refuses.</summary>
public static class AccountErrors
{
    /// <summary>The caller may not do this.</summary>
    public static readonly Error NotAuthorized = new("not_authorized", ErrorKind.Forbidden, "Not authorized to perform this action");

    /// <summary>There is no such account, or not for this caller to see.</summary>
    public static readonly Error NotFound = new("account_not_found", ErrorKind.NotFound, "User not found");

    /// <summary>Another account or team has the address.</summary>
    public static readonly Error EmailRegistered = new("email_registered", ErrorKind.BadRequest, "Email already registered");

    /// <summary>There is no such role.</summary>
    public static readonly Error InvalidRole =
        new("invalid_role", ErrorKind.BadRequest, "Invalid role. Must be one of: admin, key_creator, read_only");
}

internal static class AccountViews
{
    /// <summary>Accounts as the surface shows them.</summary>
    public static IQueryable<AccountView> Views(this IIdentityDb db, IQueryable<User> users) => users.Select(user => new AccountView(
        user.Numbering!.Number,
        user.Email,
        user.Active,
        user.Tier == Tiers.Administrator,
        db.Teams.Where(team => team.Id == user.TeamId).Select(team => (long?)team.Numbering!.Number).FirstOrDefault(),
        user.TeamRole));

    /// <summary>One account as the surface shows it.</summary>
    public static Task<AccountView> ViewAsync(this IIdentityDb db, Guid userId, CancellationToken cancellationToken) =>
        db.Views(db.Users.Where(user => user.Id == userId)).SingleAsync(cancellationToken);

    /// <summary>The accounts that a caller may see: oneself, one's team as its administrator, everybody as the platform's.</summary>
    public static IQueryable<User> VisibleTo(this IIdentityDb db, Caller caller)
    {
        var users = db.Users.Where(user => user.DeletedAt == null);
        return caller switch
        {
            { IsAdministrator: true } => users,
            { TeamRole: TeamRole.Admin, TeamId: { } team } => users.Where(user => user.Id == caller.UserId || user.TeamId == team),
            _ => users.Where(user => user.Id == caller.UserId),
        };
    }

    /// <summary>An account by its number.</summary>
    /// <exception cref="RefusedException">There is none that the caller may see.</exception>
    public static async Task<User> GetAccountAsync(this IIdentityDb db, Caller caller, int number, CancellationToken cancellationToken) =>
        await db.VisibleTo(caller).FirstOrDefaultAsync(user => user.Numbering!.Number == number, cancellationToken)
            ?? throw new RefusedException(AccountErrors.NotFound);

    /// <summary>Saves; a race for an address is answered in the words of this surface.</summary>
    public static async Task SaveMemberAsync(this IIdentityDb db, CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveAccountAsync(UserErrors.NotUpdated, cancellationToken);
        }
        catch (RefusedException refused) when (refused.Error == UserErrors.EmailTaken)
        {
            throw new RefusedException(AccountErrors.EmailRegistered, refused);
        }
    }
}

/// <summary>Roles by their wire names.</summary>
internal static class TeamRoles
{
    /// <summary>The role of a name; <see langword="null"/> where there is none.</summary>
    public static TeamRole? Find(string name) => name switch
    {
        "admin" => TeamRole.Admin,
        "key_creator" => TeamRole.KeyCreator,
        "read_only" => TeamRole.ReadOnly,
        _ => null,
    };
}
