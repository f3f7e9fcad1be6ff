using AiPlatform.Application.Identity;
using AiPlatform.Domain.Identity;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Identity;

/// <summary>Makes the account that administers a new installation.</summary>
internal sealed class AdministratorSeed(
    AppDbContext db, ISecretIssuer secrets, AdministratorPassword password, IOptions<BootstrapOptions> options, TimeProvider time)
{
    /// <summary>Makes the administrator where there is none, and accepts the configured key and password.</summary>
    /// <returns>The key, when it was generated just now: the only time that it can be shown.</returns>
    public async Task<string?> ApplyAsync(CancellationToken cancellationToken)
    {
        var generated = await ApplyKeyAsync(cancellationToken);
        await password.ApplyAsync(cancellationToken);
        return generated;
    }

    private async Task<string?> ApplyKeyAsync(CancellationToken cancellationToken)
    {
        var configured = options.Value.AdminApiKey;
        if (string.IsNullOrEmpty(configured))
        {
            return await AnyAdministratorAsync(cancellationToken) ? null : await AddAsync(secrets.NewApiKey(), cancellationToken);
        }

        var key = Guid.Parse(configured).ToString("D");
        var hash = secrets.Hash(key).Hash;
        if (!await db.Set<ApiKey>().AnyAsync(known => known.Hash == hash, cancellationToken))
        {
            await AddAsync(key, cancellationToken);
        }

        return null;
    }

    private Task<bool> AnyAdministratorAsync(CancellationToken cancellationToken) => db.Set<User>().AnyAsync(
        user => user.Tier == Tiers.Administrator && user.Active && user.DeletedAt == null, cancellationToken);

    private async Task<string> AddAsync(string key, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var email = User.NormaliseEmail(options.Value.AdminEmail);
        var administrator = await db.Set<User>().FirstOrDefaultAsync(user => user.Email == email, cancellationToken);
        if (administrator is null)
        {
            administrator = new User("Administrator", email, Tiers.Administrator, now);
            administrator.VouchForEmail(now);
            db.Add(administrator);
        }
        else if (administrator is { Tier: not Tiers.Administrator, EmailVerifiedAt: null })
        {
            // Whoever registered the address would administer, by the password that they chose.
            throw new OptionsValidationException(
                BootstrapOptions.Section,
                typeof(BootstrapOptions),
                ["Bootstrap:AdminEmail is the address of an account that has not proven it. Set another address, or sign in to the account by an email code first."]);
        }

        administrator.MoveToTier(Tiers.Administrator, now);
        administrator.Activate(now);
        db.Add(new ApiKey(administrator.Id, ApiKeyKind.Uuid, secrets.Hash(key), now));
        await db.SaveChangesAsync(cancellationToken);
        return key;
    }
}
