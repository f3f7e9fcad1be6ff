using AiPlatform.Application.Shared;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>What a person says who opens an account.</summary>
/// <param name="Email">The address.</param>
internal sealed record NewAccount(string Email)
{
    /// <summary>The password; <see langword="null"/> for an account that is signed in to in another way.</summary>
    public string? Password { get; init; }

    /// <summary>Name as shown; what stands before the @ where there is none.</summary>
    public string? Name { get; init; }

    /// <summary>The name to sign in by besides the address.</summary>
    public string? Handle { get; init; }
}

/// <summary>Opens accounts for people who come by themselves, the same on every surface.</summary>
internal sealed class NewAccounts(IIdentityDb db, IPasswords passwords, ISessionPolicy policy, TimeProvider time)
{
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Opens an account; the caller saves it with <see cref="SaveAsync"/>.</summary>
    /// <exception cref="RefusedException">Another account has the address or the handle.</exception>
    public async Task<User> AddAsync(NewAccount wanted, CancellationToken cancellationToken)
    {
        var now = Now;
        var user = new User(NameOf(wanted), wanted.Email, policy.NewcomerTier, now);
        await db.GuardUniqueEmailAsync(user, cancellationToken);
        if (wanted.Handle is { } handle)
        {
            user.TakeHandle(handle, now);
            if (await db.Users.AnyAsync(other => other.NormalisedHandle == user.NormalisedHandle, cancellationToken))
            {
                throw new RefusedException(UserErrors.HandleTaken);
            }
        }

        if (wanted.Password is { } password)
        {
            user.SetPassword(passwords.Hash(password), now);
        }

        db.Users.Add(user);
        db.Profiles.Add(new PersonProfile(user.Id));
        return user;
    }

    /// <summary>Commits; a race for an address or a handle is answered as the check before it would have.</summary>
    public Task SaveAsync(CancellationToken cancellationToken) => db.SaveAccountAsync(UserErrors.NotCreated, cancellationToken);

    private static string NameOf(NewAccount wanted)
    {
        // An identity provider lets people write what no surface of the platform would accept.
        var given = string.Concat((wanted.Name ?? string.Empty).Where(character => !LineText.IsDeceptive(character))).Trim();
        var name = given.Length == 0 ? User.NormaliseEmail(wanted.Email).Split('@')[0] : given;
        return AuditText.Cut(name, User.MaxNameLength)!;
    }
}
