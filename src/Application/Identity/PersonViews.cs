using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>A person as the surface of seed 004 shows one.</summary>
public sealed record PersonView
{
    /// <summary>The handle; the address where there is none.</summary>
    public required string Username { get; init; }

    /// <summary>Name as shown.</summary>
    public required string Name { get; init; }

    /// <summary>The address.</summary>
    public required string Email { get; init; }

    /// <summary>When the account was opened, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What the person says of themselves, and what administrators noted; kept apart from the database.</summary>
    public required PersonProfile Profile { get; init; }

    /// <summary>Conversations left today.</summary>
    public required long ConversationsLeft { get; init; }

    /// <summary>What administrators noted, where it is for the caller's eyes.</summary>
    public required string Notes { get; init; }
}

/// <summary>Finds and shows people.</summary>
internal sealed class PersonViews(IIdentityDb db, IConversationAccounts conversations)
{
    /// <summary>The account of a handle, or of an address for those who have none.</summary>
    /// <exception cref="RefusedException">There is none.</exception>
    public async Task<User> GetAsync(string username, CancellationToken cancellationToken)
    {
        var name = username.Contains('@', StringComparison.Ordinal) ? User.NormaliseEmail(username) : User.NormaliseHandle(username);
        return await db.Users.FirstOrDefaultAsync(
            user => user.DeletedAt == null && (user.NormalisedHandle == name || user.Email == name), cancellationToken)
            ?? throw new RefusedException(AccountErrors.NotFound);
    }

    /// <summary>One person.</summary>
    public async Task<PersonView> OfAsync(Guid userId, bool withNotes, CancellationToken cancellationToken) =>
        (await ListAsync(db.Users.Where(user => user.Id == userId), withNotes, cancellationToken)).Single();

    /// <summary>People, in the order of the query.</summary>
    public async Task<IReadOnlyList<PersonView>> ListAsync(IQueryable<User> users, bool withNotes, CancellationToken cancellationToken)
    {
        var page = await users.AsNoTracking()
            .Select(user => new { user.Id, user.Handle, user.UserName, user.Email, user.CreatedAt })
            .ToListAsync(cancellationToken);
        var ids = page.ConvertAll(user => user.Id);
        var profiles = await db.Profiles.AsNoTracking().Where(profile => ids.Contains(profile.UserId))
            .ToDictionaryAsync(profile => profile.UserId, cancellationToken);
        foreach (var id in ids)
        {
            profiles.TryAdd(id, new PersonProfile(id));
        }

        var left = await conversations.LeftTodayAsync(
            profiles.ToDictionary(known => known.Key, known => known.Value.ConversationsADay), cancellationToken);
        return page.ConvertAll(user => new PersonView
        {
            Username = user.Handle ?? user.Email,
            Name = user.UserName,
            Email = user.Email,
            CreatedAt = user.CreatedAt,
            Profile = profiles[user.Id],
            ConversationsLeft = left[user.Id],
            Notes = withNotes ? profiles[user.Id].Notes : string.Empty,
        });
    }
}

internal static class PersonProfiles
{
    /// <summary>
    /// The profile of a person, made where there is none yet. It is saved at once, so that of two requests that come first at the
    /// same time neither fails; call it before anything else is changed.
    /// </summary>
    public static async Task<PersonProfile> GetProfileAsync(this IIdentityDb db, Guid userId, CancellationToken cancellationToken) =>
        await db.FindProfileAsync(userId, cancellationToken) ?? await db.AddProfileAsync(userId, cancellationToken);

    private static Task<PersonProfile?> FindProfileAsync(this IIdentityDb db, Guid userId, CancellationToken cancellationToken) =>
        db.Profiles.FirstOrDefaultAsync(known => known.UserId == userId, cancellationToken);

    private static async Task<PersonProfile> AddProfileAsync(this IIdentityDb db, Guid userId, CancellationToken cancellationToken)
    {
        var profile = new PersonProfile(userId);
        db.Profiles.Add(profile);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return profile;
        }
        catch (DbUpdateException failure)
        {
            // Another request made it first; that one is as good.
            db.Profiles.Entry(profile).State = EntityState.Detached;
            return await db.FindProfileAsync(userId, cancellationToken) ?? throw new RefusedException(UserErrors.NotUpdated, failure);
        }
    }
}
