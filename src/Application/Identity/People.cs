using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Identity;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

internal sealed class People(IIdentityDb db) : IPeople
{
    public Task<PersonFacts?> FindAsync(Guid userId, CancellationToken cancellationToken) => db.Users
        .Where(user => user.Id == userId && user.DeletedAt == null)
        .Select(user => new PersonFacts(
            user.Handle ?? user.Email,
            user.Email,
            db.Profiles.Where(profile => profile.UserId == user.Id).Select(profile => profile.DailyConversations).FirstOrDefault()
                ?? PersonProfile.UsualConversations))
        .FirstOrDefaultAsync(cancellationToken);

    public async Task<IReadOnlyDictionary<Guid, int>> OwnNumbersAsync(
        IReadOnlyCollection<Guid> userIds, CancellationToken cancellationToken) => await db.Profiles
        .Where(profile => userIds.Contains(profile.UserId) && profile.DailyConversations != null)
        .ToDictionaryAsync(profile => profile.UserId, profile => profile.DailyConversations!.Value, cancellationToken);
}
