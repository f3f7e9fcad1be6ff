using AiPlatform.Domain.Identity;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Identity;

internal static class TokenRevocation
{
    /// <summary>One statement: an account can hold any number of tokens, and none issued before it may slip through.</summary>
    public static async Task<int> RevokeAsync(AppDbContext db, Guid userId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var revoked = await db.Set<AccessToken>()
            .Where(token => token.UserId == userId && token.RevokedAt == null && token.ExpiresAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(token => token.RevokedAt, now), cancellationToken);
        await db.SetChangeMarkAsync(now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return revoked;
    }
}
