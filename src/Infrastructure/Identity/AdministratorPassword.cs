using AiPlatform.Application.Identity;
using AiPlatform.Domain.Identity;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Identity;

/// <summary>Has the administrator sign in by the configured name and password.</summary>
internal sealed class AdministratorPassword(AppDbContext db, IPasswords passwords, IOptions<BootstrapOptions> options, TimeProvider time)
{
    /// <summary>Sets name and password where they are configured and not so yet.</summary>
    /// <exception cref="OptionsValidationException">Somebody else has the name.</exception>
    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        if (options.Value.AdminPassword is not { Length: > 0 } password)
        {
            return;
        }

        var (handle, email) = (User.NormaliseHandle(options.Value.AdminUserName), User.NormaliseEmail(options.Value.AdminEmail));
        var named = await db.Set<User>().FirstOrDefaultAsync(user => user.NormalisedHandle == handle, cancellationToken);
        if (named is { Tier: not Tiers.Administrator })
        {
            throw new OptionsValidationException(
                BootstrapOptions.Section, typeof(BootstrapOptions), ["Bootstrap:AdminUserName is the name of a person who is no administrator; choose another."]);
        }

        var administrator = named ?? await db.Set<User>().FirstOrDefaultAsync(user => user.Email == email, cancellationToken) ?? Add(email);
        var now = time.GetUtcNow();
        administrator.MoveToTier(Tiers.Administrator, now);
        if (named is null)
        {
            administrator.TakeHandle(options.Value.AdminUserName, now);
        }

        if (passwords.Check(administrator.PasswordHash, password) is not PasswordMatch.Right)
        {
            administrator.SetPassword(passwords.Hash(password), now);
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    private User Add(string email)
    {
        var now = time.GetUtcNow();
        var administrator = new User("Administrator", email, Tiers.Administrator, now);
        administrator.VouchForEmail(now);
        db.Add(administrator);
        return administrator;
    }
}
