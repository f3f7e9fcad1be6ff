using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Signs people in by a password, whatever the surface they come in by.</summary>
internal sealed class SignIns(IIdentityDb db, IPasswords passwords, SignInGuard guard, Sessions sessions, TimeProvider time)
{
    /// <summary>Longest password that is looked at, in characters: hashing megabytes for a stranger is work not owed.</summary>
    public const int MaxPasswordLength = 256;

    /// <summary>Signs in.</summary>
    /// <param name="login">The address, or the handle.</param>
    /// <param name="password">The password as typed.</param>
    /// <param name="refreshable">Whether the session is given a refresh token.</param>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    /// <exception cref="RefusedException"><see cref="SignInErrors.Incorrect"/> or <see cref="SignInErrors.TooManyAttempts"/>.</exception>
    public async Task<SignedIn> ByPasswordAsync(string login, string password, bool refreshable, CancellationToken cancellationToken)
    {
        var user = await CheckAsync(login, password, cancellationToken);
        return await sessions.OpenAsync(user, SignInMethod.Password, refreshable, cancellationToken);
    }

    /// <summary>Finds the account that a login and a password are of, and hashes the password anew where its hash is weak.</summary>
    /// <exception cref="RefusedException">As <see cref="ByPasswordAsync"/>.</exception>
    public async Task<User> CheckAsync(string login, string password, CancellationToken cancellationToken)
    {
        var name = login.Contains('@', StringComparison.Ordinal) ? User.NormaliseEmail(login) : User.NormaliseHandle(login);
        var user = await db.Users.FirstOrDefaultAsync(
            known => (known.Email == name || known.NormalisedHandle == name) && known.DeletedAt == null, cancellationToken);
        await guard.ThrowIfTooSoonAsync(name, user, cancellationToken);
        var match = password.Length > MaxPasswordLength ? PasswordMatch.None : passwords.Check(user?.PasswordHash, password);
        if (match is PasswordMatch.None || user is not { Active: true })
        {
            await guard.CountAsync(name, cancellationToken);
            throw new RefusedException(SignInErrors.Incorrect);
        }

        if (match is PasswordMatch.RightButWeak)
        {
            user.SetPassword(passwords.Hash(password), time.GetUtcNow());
        }

        await guard.ForgiveAsync(name, cancellationToken);
        return user;
    }
}
