using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Changes the caller's password and ends all other sessions.</summary>
[RequireCredential(CredentialKind.Any)]
[RestrictAddresses]
[LimitRate(RateClass.Conversations)]
[Refuses(typeof(PersonErrors), nameof(PersonErrors.WrongPassword))]
[Refuses(typeof(SignInErrors), nameof(SignInErrors.TooMany))]
[OmitBodiesFromAudit]
public sealed record ChangeOwnPasswordCommand : IRequest
{
    /// <summary>The password as it is.</summary>
    /// <example>a-long-password-1</example>
    [Required]
    public Supplied<string> CurrentPassword { get; init; }

    /// <summary>The new password; a digit must be in it.</summary>
    /// <example>another-password-2</example>
    [Required]
    [MinLength(8)]
    [MaxLength(SignIns.MaxPasswordLength)]
    public Supplied<string> NewPassword { get; init; }

    /// <summary>The new password once more.</summary>
    /// <example>another-password-2</example>
    [Required]
    public Supplied<string> ConfirmNewPassword { get; init; }
}

internal sealed class ChangeOwnPasswordValidator : PersonRules<ChangeOwnPasswordCommand>
{
    public ChangeOwnPasswordValidator()
    {
        RequireValue("current_password", command => command.CurrentPassword, "a string");
        RequireStrongPassword("new_password", command => command.NewPassword);
        Require(
            command => command.ConfirmNewPassword.IsGiven && command.ConfirmNewPassword.Value == command.NewPassword.Value,
            PersonErrors.Unprocessable("confirm_new_password", "Passwords do not match"));
    }
}

internal sealed class ChangeOwnPasswordHandler(IIdentityDb db, PasswordChanges passwords, OwnCall own)
    : IRequestHandler<ChangeOwnPasswordCommand, Unit>
{
    public async Task<Unit> Handle(ChangeOwnPasswordCommand command, CancellationToken cancellationToken)
    {
        var user = await db.Users.SingleAsync(known => known.Id == own.Caller.UserId, cancellationToken);
        await passwords.ConfirmAsync(user, command.CurrentPassword.Value, PersonErrors.WrongPassword, cancellationToken);
        await passwords.SetAsync(user, command.NewPassword.Value, own.Caller.SessionId, cancellationToken);
        await db.SaveAccountAsync(UserErrors.NotUpdated, cancellationToken);
        own.Forget();
        return Unit.Value;
    }
}
