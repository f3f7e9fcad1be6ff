using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

internal sealed class OwnProfiles(IIdentityDb db, OwnCall own) : IOwnProfiles
{
    public async Task<OwnProfile> GetAsync(Guid userId, CancellationToken cancellationToken)
    {
        var user = await db.Users.AsNoTracking().SingleAsync(row => row.Id == userId, cancellationToken);
        return View(user, await db.Profiles.AsNoTracking().FirstOrDefaultAsync(row => row.UserId == userId, cancellationToken));
    }

    public async Task<OwnProfile> ChangeAsync(Guid userId, ProfileChange change, CancellationToken cancellationToken)
    {
        var user = await db.Users.SingleAsync(row => row.Id == userId, cancellationToken);
        var profile = await db.GetProfileAsync(userId, cancellationToken);
        if (change.Username.IsGiven)
        {
            await TakeHandleAsync(user, change.Username.Value, cancellationToken);
        }

        if (IsTold(change.FullName))
        {
            user.Rename(change.FullName.Or(string.Empty) is { Length: > 0 } name ? name : LocalPart(user), own.Now);
        }

        profile.Describe(IsTold(change.Bio) ? change.Bio.Or(string.Empty) : profile.About, profile.Hobbies);
        profile.LinkTo(Link(change.Website, profile.Website), Link(change.ProfileImage, profile.ImageUrl));
        await db.SaveAccountAsync(UserErrors.NotUpdated, cancellationToken);
        own.Forget();
        return View(user, profile);
    }

    private async Task TakeHandleAsync(User user, string handle, CancellationToken cancellationToken)
    {
        user.TakeHandle(handle, own.Now);
        if (await db.Users.AnyAsync(other => other.NormalisedHandle == user.NormalisedHandle && other.Id != user.Id, cancellationToken))
        {
            throw new RefusedException(UserErrors.HandleTaken);
        }
    }

    private static bool IsTold(Supplied<string> field) => field.IsGiven || field == Supplied<string>.Null;

    private static string? Link(Supplied<string> field, string? known) =>
        !IsTold(field) ? known : field.Or(string.Empty) is { Length: > 0 } link ? link : null;

    // What an account is called whose person gave no name.
    private static string LocalPart(User user) => user.Email.Split('@')[0] is var name && name.Length <= User.MaxNameLength ? name : name[..User.MaxNameLength];

    private static OwnProfile View(User user, PersonProfile? profile) => new(
        user.Id,
        user.Email,
        user.Handle ?? LocalPart(user),
        user.UserName == LocalPart(user) ? null : user.UserName,
        profile?.About is { Length: > 0 } about ? about : null,
        profile?.Website,
        profile?.ImageUrl,
        user.Tier == Tiers.Administrator,
        user.Active,
        user.CreatedAt,
        user.LastSignInAt);
}
