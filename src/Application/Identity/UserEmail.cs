using AiPlatform.Application.Shared;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

internal static class UserEmail
{
    /// <summary>Whether the field carries something shaped like an address, of a length that can be kept.</summary>
    public static bool IsValid(Supplied<string> email) => email.IsGiven && User.IsEmail(email.Value);

    /// <summary>Refuses an address that another account has.</summary>
    public static async Task GuardUniqueEmailAsync(this IIdentityDb db, User user, CancellationToken cancellationToken)
    {
        if (await db.Users.AnyAsync(other => other.Email == user.Email && other.Id != user.Id, cancellationToken))
        {
            throw new RefusedException(UserErrors.EmailTaken);
        }
    }

    /// <summary>Saves an account, and answers a race for an address as the check before it would have.</summary>
    /// <param name="db">The accounts.</param>
    /// <param name="failure">What any other failure is called on this route.</param>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    public static async Task SaveAccountAsync(this IIdentityDb db, Error failure, CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException conflict)
        {
            throw new RefusedException(IsEmailConflict(conflict) ? UserErrors.EmailTaken : failure, conflict);
        }
    }

    // The engines name the index or, SQLite, the column.
    private static bool IsEmailConflict(DbUpdateException conflict) =>
        conflict.InnerException?.Message is { } message
        && (message.Contains("ux_users_email", StringComparison.Ordinal) || message.Contains("users.email", StringComparison.Ordinal));
}
