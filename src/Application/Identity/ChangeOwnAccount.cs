using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>
/// Changes the caller's address or password; a new password ends all other sessions. An account that has no password is given one
/// by whoever signed in just now by a code or at Google.
/// </summary>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.Credentials)]
[Refuses(typeof(ChangeOwnAccountCommand), nameof(PasswordNeededForPassword), nameof(SignInNeeded), nameof(PasswordNeededForEmail), nameof(WrongPassword))]
[Refuses(typeof(AccountErrors), nameof(AccountErrors.EmailRegistered))]
[Refuses(typeof(SignInErrors), nameof(SignInErrors.TooMany))]
[OmitBodiesFromAudit]
public sealed record ChangeOwnAccountCommand : IRequest<AccountView>
{
    /// <summary>The new password comes without the one before.</summary>
    public static readonly Error PasswordNeededForPassword =
        RequestErrors.Invalid("Current password is required to update password") with { Code = "password_needed_for_password" };

    /// <summary>The account has no password, and nobody signed in just now by a code or at Google for this call.</summary>
    public static readonly Error SignInNeeded = new(
        "sign_in_needed", ErrorKind.Forbidden, "Sign in again by a code or with Google to set a password");

    /// <summary>The new address comes without the password.</summary>
    public static readonly Error PasswordNeededForEmail =
        RequestErrors.Invalid("Current password is required to update email") with { Code = "password_needed_for_email" };

    /// <summary>The password is another one.</summary>
    public static readonly Error WrongPassword = RequestErrors.Invalid("Incorrect password") with { Code = "wrong_password" };

    /// <summary>New address; unique.</summary>
    /// <example>new@example.com</example>
    [MaxLength(User.MaxEmailLength)]
    public Supplied<string> Email { get; init; }

    /// <summary>The password as it is; an account that has none leaves it out.</summary>
    /// <example>a-long-password-1</example>
    public Supplied<string> CurrentPassword { get; init; }

    /// <summary>New password.</summary>
    /// <example>another-password-2</example>
    [MinLength(8)]
    [MaxLength(256)]
    public Supplied<string> NewPassword { get; init; }
}

internal sealed class ChangeOwnAccountValidator : AccountRules<ChangeOwnAccountCommand>
{
    public ChangeOwnAccountValidator()
    {
        Require(
            command => !command.Email.IsLeftOut || !command.NewPassword.IsLeftOut,
            RequestErrors.Unprocessable("body", "a JSON object with email or new_password"));
        RequireEmail("email", command => command.Email, optional: true);
        Ask<FirstPassword>(
            async (command, first, cancellationToken) => command.NewPassword.IsLeftOut || command.CurrentPassword.IsGiven
                ? null
                : await first.RefusalAsync(cancellationToken),
            ChangeOwnAccountCommand.PasswordNeededForPassword,
            ChangeOwnAccountCommand.SignInNeeded);
        Require(command => command.Email.IsLeftOut || command.CurrentPassword.IsGiven, ChangeOwnAccountCommand.PasswordNeededForEmail);
        RequirePassword("new_password", command => command.NewPassword, optional: true);
    }
}

internal sealed class ChangeOwnAccountHandler(IIdentityDb db, PasswordChanges passwords, OwnCall own)
    : IRequestHandler<ChangeOwnAccountCommand, AccountView>
{
    public async Task<AccountView> Handle(ChangeOwnAccountCommand command, CancellationToken cancellationToken)
    {
        var user = await db.Users.SingleAsync(known => known.Id == own.Caller.UserId, cancellationToken);
        if (command.CurrentPassword.IsGiven)
        {
            await passwords.ConfirmAsync(user, command.CurrentPassword.Value, ChangeOwnAccountCommand.WrongPassword, cancellationToken);
        }

        if (command.Email.IsGiven)
        {
            user.ChangeEmail(command.Email.Value, own.Now);
        }

        if (command.NewPassword.IsGiven)
        {
            await passwords.SetAsync(user, command.NewPassword.Value, own.Caller.SessionId, cancellationToken);
        }

        await db.SaveMemberAsync(cancellationToken);
        own.Forget();
        return await db.ViewAsync(user.Id, cancellationToken);
    }
}

/// <summary>Lets an account that has no password have one without the one before.</summary>
internal sealed class FirstPassword(IIdentityDb db, OwnCall own)
{
    /// <summary>Why the caller must tell more than a new password; <see langword="null"/> where it is enough.</summary>
    public async Task<Error?> RefusalAsync(CancellationToken cancellationToken)
    {
        var caller = own.Caller;
        if (await db.Users.AnyAsync(known => known.Id == caller.UserId && known.PasswordHash != null, cancellationToken))
        {
            return ChangeOwnAccountCommand.PasswordNeededForPassword;
        }

        var session = await db.Sessions.AsNoTracking().FirstOrDefaultAsync(known => known.Id == caller.SessionId, cancellationToken);
        return session?.IsFreshProof(own.Now) is true ? null : ChangeOwnAccountCommand.SignInNeeded;
    }
}

/// <summary>Who changes something of their own, and when; and that processes have to hear of it.</summary>
internal sealed class OwnCall(CallRecord record, IReadCache cache, TimeProvider time)
{
    public Caller Caller => record.RequiredCaller;

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Has this process read accounts anew.</summary>
    public void Forget() => cache.Forget();
}
