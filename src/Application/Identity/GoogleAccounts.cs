using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>The accounts of people who sign in at Google.</summary>
internal sealed class GoogleAccounts(IIdentityDb db, NewAccounts accounts, ISecretIssuer secrets, INewcomerWallets wallets)
{
    /// <summary>The account of a person, tracked: the one that is linked, the one with their address, or a new one.</summary>
    /// <exception cref="RefusedException">Nobody has proven that the address, or the account with it, is the person's own.</exception>
    public async Task<User> FindOrOpenAsync(GooglePerson person, CancellationToken cancellationToken)
    {
        if (await db.Users.FirstOrDefaultAsync(user => user.GoogleSubject == person.Subject, cancellationToken) is { } linked)
        {
            return linked;
        }

        if (!person.EmailVerified)
        {
            throw new RefusedException(GoogleErrors.EmailNotVerified);
        }

        var email = User.NormaliseEmail(person.Email);
        if (await db.Users.FirstOrDefaultAsync(user => user.Email == email && user.DeletedAt == null, cancellationToken) is not { } user)
        {
            return await OpenAsync(person, cancellationToken);
        }

        if (user.EmailVerifiedAt is null)
        {
            throw new RefusedException(GoogleErrors.AccountUnproven);
        }

        // Of two people at Google who have proven one address, the later one has it now.
        user.LinkGoogle(person.Subject, accounts.Now);
        return user;
    }

    /// <summary>Gives a person what newcomers are given, unless they were given it before, in an account that they closed meanwhile.</summary>
    public Task WelcomeAsync(User user, GooglePerson person, CancellationToken cancellationToken) =>
        wallets.WelcomeAsync(user.Id, secrets.Hash($"google:{person.Subject}").Hash, cancellationToken);

    private async Task<User> OpenAsync(GooglePerson person, CancellationToken cancellationToken)
    {
        try
        {
            var user = await accounts.AddAsync(new NewAccount(person.Email) { Name = person.Name }, cancellationToken);
            user.LinkGoogle(person.Subject, accounts.Now);
            user.ProveEmail(SignInMethod.Google, accounts.Now);
            await accounts.SaveAsync(cancellationToken);
            return user;
        }
        catch (RefusedException taken) when (taken.Error == UserErrors.EmailTaken)
        {
            // The same person came in twice at this very moment; the next attempt finds the account.
            throw new RefusedException(RequestErrors.ChangedMeanwhile, taken);
        }
    }
}
