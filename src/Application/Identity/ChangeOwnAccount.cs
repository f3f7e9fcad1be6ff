using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Changes the caller's address or password; a new password ends all other sessions.</summary>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.Credentials)]
[Refuses(typeof(ChangeOwnAccountCommand), nameof(PasswordNeededForPassword), nameof(PasswordNeededForEmail), nameof(WrongPassword))]
[Refuses(typeof(AccountErrors), nameof(AccountErrors.EmailRegistered))]
[Refuses(typeof(SignInErrors), nameof(SignInErrors.TooMany))]
[OmitBodiesFromAudit]
public sealed record ChangeOwnAccountCommand : IRequest<AccountView>
{
    /// <summary>The new password comes without the one before.</summary>
    public static readonly Error PasswordNeededForPassword =
        RequestErrors.Invalid("Current password is required to update password") with { Code = "password_needed_for_password" };

    /// <summary>The new address comes without the password.</summary>
    public static readonly Error PasswordNeededForEmail =
        RequestErrors.Invalid("Current password is required to update email") with { Code = "password_needed_for_email" };

    /// <summary>The password is another one.</summary>
    public static readonly Error WrongPassword = RequestErrors.Invalid("Incorrect password") with { Code = "wrong_password" };

    /// <summary>New address; unique.</summary>
    /// <example>new@example.com</example>
    [MaxLength(User.MaxEmailLength)]
    public Supplied<string> Email { get; init; }

    /// <summary>The password as it is.</summary>
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
        Require(
            command => command.NewPassword.IsLeftOut || command.CurrentPassword.IsGiven, ChangeOwnAccountCommand.PasswordNeededForPassword);
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

/// <summary>Who changes something of their own, and when; and that processes have to hear of it.</summary>
internal sealed class OwnCall(CallRecord record, IReadCache cache, TimeProvider time)
{
    public Caller Caller => record.RequiredCaller;

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Has this process read accounts anew.</summary>
    public void Forget() => cache.Forget();
}
