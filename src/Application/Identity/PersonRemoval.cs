using System.Text.Json;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Deletes a person: what the account said stays as a backup, its address and handle are free, its credentials are gone.</summary>
internal sealed class PersonRemoval(IIdentityDb db, OwnCall own)
{
    /// <summary>Deletes.</summary>
    /// <param name="userId">Whom.</param>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    /// <exception cref="RefusedException">The account is gone, or nobody would be left to administer.</exception>
    public async Task RemoveAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var change = await db.LockAdministratorsAsync(cancellationToken);
        var user = await db.Users.FirstOrDefaultAsync(known => known.Id == userId && known.DeletedAt == null, cancellationToken)
            ?? throw new RefusedException(AccountErrors.NotFound);
        db.UserBackups.Add(new UserBackup(user, await RowAsync(user, cancellationToken), own.Caller.UserId, own.Now));
        user.Close(own.Now);
        await db.GuardLastAdministratorAsync(user, cancellationToken);
        await db.SaveAccountAsync(UserErrors.NotDeleted, cancellationToken);
        await db.RemoveCredentialsAsync(user.Id, cancellationToken);
        await change.CommitAsync(cancellationToken);
        own.Forget();
    }

    /// <summary>What the account was; never a secret, not even a hash of one.</summary>
    private async Task<string> RowAsync(User user, CancellationToken cancellationToken)
    {
        var profile = await db.Profiles.AsNoTracking().FirstOrDefaultAsync(known => known.UserId == user.Id, cancellationToken);
        return JsonSerializer.Serialize(new
        {
            username = user.Handle,
            name = user.UserName,
            email = user.Email,
            tier = user.Tier,
            staff_level = user.StaffLevel?.ToString(),
            created_at = user.CreatedAt,
            about_me = profile?.About,
            hobbies = profile?.Hobbies,
            type = profile?.Type,
            subscription_plan = profile?.Plan,
            level = profile?.Level,
            access_rtype = profile?.AccessTypes,
            additional_notes = profile?.Notes,
            credits = profile is null ? null : new { main = profile.Credits, reset = profile.CreditsReset },
            conversations_a_day = profile?.ConversationsADay,
        });
    }
}
