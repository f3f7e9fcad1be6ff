using AiPlatform.Application.Shared;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

internal static class Accounts
{
    // Enough to recognise a mistyped UUID by; the caller knows the rest.
    private const int MaxRepeatedIdLength = 100;

    /// <summary>The refusal that names an id which no account has.</summary>
    public static Error NotFound(string id) => UserErrors.NotFound(AuditText.Cut(id, MaxRepeatedIdLength)!);

    /// <summary>Reads an id as a client writes it: 36 characters, in either case.</summary>
    public static bool TryReadId(string text, out Guid id) => Guid.TryParseExact(text, "D", out id);

    /// <summary>The account of an id as a client wrote it.</summary>
    /// <exception cref="RefusedException">There is none, or it is deleted.</exception>
    public static async Task<User> GetAccountAsync(this IIdentityDb db, string id, CancellationToken cancellationToken)
    {
        var user = TryReadId(id, out var key)
            ? await db.Users.FirstOrDefaultAsync(user => user.Id == key && user.DeletedAt == null, cancellationToken)
            : null;
        return user ?? throw new RefusedException(NotFound(id));
    }

    /// <summary>Removes every credential of an account that is being deleted, within the caller's transaction.</summary>
    public static async Task RemoveCredentialsAsync(this IIdentityDb db, Guid userId, CancellationToken cancellationToken)
    {
        await db.AccessTokens.Where(token => token.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        await db.ApiKeys.Where(key => key.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        await db.Sessions.Where(session => session.UserId == userId).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>
    /// Refuses a change that would leave nobody to administer. Only under <see cref="IIdentityDb.LockAdministratorsAsync"/> is
    /// the answer still true at the commit.
    /// </summary>
    /// <param name="db">The accounts.</param>
    /// <param name="changed">The account, with the change made and not yet saved.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="RefusedException">No other account is an active administrator.</exception>
    public static async Task GuardLastAdministratorAsync(this IIdentityDb db, User changed, CancellationToken cancellationToken)
    {
        if (!changed.IsActiveAdministrator && !await db.Users.AnyAsync(
            user => user.Id != changed.Id && user.Tier == Tiers.Administrator && user.Active && user.DeletedAt == null, cancellationToken))
        {
            throw new RefusedException(UserErrors.LastAdministrator);
        }
    }
}
