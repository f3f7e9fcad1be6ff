using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Identity;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

internal sealed class OwnerDirectory(IIdentityDb db) : IOwnerDirectory
{
    // A person has a few keys; more are not looked at.
    private const int MaxKeys = 100;

    public Task<OwnedKey?> FindKeyAsync(Guid keyId, CancellationToken cancellationToken) =>
        Keys(db.ApiKeys.Where(key => key.Id == keyId)).FirstOrDefaultAsync(cancellationToken);

    public async Task<IReadOnlyList<OwnedKey>> KeysOfAsync(Guid userId, CancellationToken cancellationToken) =>
        await Keys(db.ApiKeys.Where(key => key.UserId == userId)).ToListAsync(cancellationToken);

    public async Task<IReadOnlyDictionary<Guid, Guid>> TeamsOfAsync(IReadOnlyCollection<Guid> userIds, CancellationToken cancellationToken) =>
        await db.Users.Where(user => user.TeamId != null && userIds.Contains(user.Id))
            .ToDictionaryAsync(user => user.Id, user => user.TeamId!.Value, cancellationToken);

    public async Task<IReadOnlyCollection<Guid>> MembersOfAsync(Guid teamId, CancellationToken cancellationToken) =>
        await db.Users.Where(user => user.TeamId == teamId).Select(user => user.Id).ToListAsync(cancellationToken);

    public Task<bool> TeamExistsAsync(Guid teamId, CancellationToken cancellationToken) =>
        db.Teams.AnyAsync(team => team.Id == teamId && team.Active, cancellationToken);

    private IQueryable<OwnedKey> Keys(IQueryable<ApiKey> keys) => (
        from key in keys
        join user in db.Users on key.UserId equals user.Id
        where key.RevokedAt == null && key.Active && user.DeletedAt == null
        orderby key.CreatedAt
        select new OwnedKey(key.Id, key.UserId, key.Prefix, key.CreatedAt)).Take(MaxKeys);
}
