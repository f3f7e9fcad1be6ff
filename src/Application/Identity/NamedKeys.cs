using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

internal sealed class NamedKeys(IIdentityDb db, ISecretIssuer secrets, IReadCache cache, TimeProvider time) : INamedKeys
{
    private const int Shown = 4;

    public async Task GuardNewAsync(Guid userId, string name, CancellationToken cancellationToken)
    {
        if (await KeysOf(userId).AnyAsync(key => key.Name == name, cancellationToken))
        {
            throw new RefusedException(NamedKeyErrors.NameTaken);
        }

        if (await KeysOf(userId).CountAsync(cancellationToken) >= NamedKeyErrors.Most)
        {
            throw new RefusedException(NamedKeyErrors.TooMany);
        }
    }

    public async Task<string> AddAsync(Guid userId, string name, CancellationToken cancellationToken)
    {
        var secret = secrets.NewApiKey(ApiKeyKind.Hexadecimal);
        var key = new ApiKey(userId, ApiKeyKind.Hexadecimal, secrets.Hash(secret), time.GetUtcNow());
        key.Rename(name);
        key.ShowBy(secret[^Shown..]);
        db.ApiKeys.Add(key);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested)
        {
            db.ApiKeys.Entry(key).State = EntityState.Detached;
            await GuardNewAsync(userId, name, cancellationToken);
            throw;
        }

        return secret;
    }

    public async Task<IReadOnlyList<NamedKey>> ListAsync(Guid userId, CancellationToken cancellationToken)
    {
        var keys = await KeysOf(userId).AsNoTracking().OrderBy(key => key.Id).Take(NamedKeyErrors.Most).ToListAsync(cancellationToken);
        return keys.ConvertAll(key => new NamedKey($"{key.Prefix[..Shown]}…{key.Suffix}", key.Name ?? string.Empty, key.Active, key.CreatedAt));
    }

    public Task GuardExistsAsync(Guid userId, string name, CancellationToken cancellationToken) => GetAsync(userId, name, cancellationToken);

    public async Task SetActiveAsync(Guid userId, string name, bool active, CancellationToken cancellationToken)
    {
        (await GetAsync(userId, name, cancellationToken)).SetActive(active);
        await SaveAsync(cancellationToken);
    }

    public async Task DeleteAsync(Guid userId, string name, CancellationToken cancellationToken)
    {
        db.ApiKeys.Remove(await GetAsync(userId, name, cancellationToken));
        await SaveAsync(cancellationToken);
    }

    private IQueryable<ApiKey> KeysOf(Guid userId) => db.ApiKeys.Where(key => key.UserId == userId && key.Kind == ApiKeyKind.Hexadecimal);

    private async Task<ApiKey> GetAsync(Guid userId, string name, CancellationToken cancellationToken) =>
        await KeysOf(userId).FirstOrDefaultAsync(key => key.Name == name, cancellationToken) ?? throw new RefusedException(NamedKeyErrors.NotFound);

    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException deleted)
        {
            throw new RefusedException(NamedKeyErrors.NotFound, deleted);
        }

        cache.Forget();
    }
}
