using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Identity;

/// <summary>Sets passwords, the same on every surface: whoever was signed in with the one before has to sign in again.</summary>
internal sealed class PasswordChanges(SignIns signIns, IPasswords passwords, Sessions sessions, OwnCall own)
{
    /// <summary>Refuses unless the caller knows the account's password. Guessing it here is counted as at sign-in.</summary>
    /// <param name="user">The account.</param>
    /// <param name="password">The password as typed.</param>
    /// <param name="wrong">What the surface says of another one.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="RefusedException">It is another one, or it is too soon after too many.</exception>
    public async Task ConfirmAsync(User user, string password, Error wrong, CancellationToken cancellationToken)
    {
        try
        {
            await signIns.CheckAsync(user.Email, password, cancellationToken);
        }
        catch (RefusedException refused) when (refused.Error == SignInErrors.Incorrect)
        {
            throw new RefusedException(wrong, refused);
        }
    }

    /// <summary>Sets a password and ends every session but one; the caller saves.</summary>
    /// <param name="user">The account, tracked.</param>
    /// <param name="password">The new password.</param>
    /// <param name="except">The session that goes on.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task SetAsync(User user, string password, Guid? except, CancellationToken cancellationToken)
    {
        user.SetPassword(passwords.Hash(password), own.Now);
        return sessions.RevokeAllAsync(user.Id, except, cancellationToken);
    }
}
