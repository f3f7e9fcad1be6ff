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
            throw new RefusedException(ConflictOf(conflict.InnerException?.Message ?? string.Empty) ?? failure, conflict);
        }
    }

    // The engines name the index or, SQLite, the column.
    private static Error? ConflictOf(string message) => message switch
    {
        _ when Names(message, "ux_users_email", "users.email") || Names(message, "ux_users_google", "users.google_subject") => UserErrors.EmailTaken,
        _ when Names(message, "ux_users_handle", "users.normalised_handle") => UserErrors.HandleTaken,
        _ => null,
    };

    private static bool Names(string message, string index, string column) =>
        message.Contains(index, StringComparison.Ordinal) || message.Contains(column, StringComparison.Ordinal);
}
