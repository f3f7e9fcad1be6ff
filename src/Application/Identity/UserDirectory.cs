using AiPlatform.Application.Identity.Contracts;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

internal sealed class UserDirectory(IIdentityDb db) : IUserDirectory
{
    public async Task<Caller?> FindAsync(string userId, CancellationToken cancellationToken) =>
        Accounts.TryReadId(userId, out var id)
            ? await db.Users
                .Where(user => user.Id == id && user.DeletedAt == null)
                .Select(user => new Caller(user.Id, user.UserName, user.Email, user.Tier) { TeamId = user.TeamId })
                .FirstOrDefaultAsync(cancellationToken)
            : null;
}
