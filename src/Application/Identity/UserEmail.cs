using AiPlatform.Application.Shared;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

internal static class UserEmail
{
    /// <summary>Whether the field carries something shaped like an address, of a length that can be kept.</summary>
    public static bool IsValid(Supplied<string> email) =>
        email.IsGiven
        && email.Value.Length <= User.MaxEmailLength
        && User.NormaliseEmail(email.Value) is { Length: <= User.MaxEmailLength } address
        && address.IndexOf('@', StringComparison.Ordinal) is var at and > 0
        && at < address.Length - 1
        && !address.Any(character => char.IsWhiteSpace(character) || char.IsControl(character));

    /// <summary>Saves, and answers a race for an address as the check before it would have.</summary>
    public static async Task SaveWithUniqueEmailAsync(this IIdentityDb db, CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException conflict) when (IsEmailConflict(conflict))
        {
            throw new RefusedException(UserErrors.EmailTaken, conflict);
        }
    }

    // The engines name the index or, SQLite, the column.
    private static bool IsEmailConflict(DbUpdateException conflict) =>
        conflict.InnerException?.Message is { } message
        && (message.Contains("ux_users_email", StringComparison.Ordinal) || message.Contains("users.email", StringComparison.Ordinal));
}
