using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Signs in by a code that was sent to an address; whoever has no account yet has one then.</summary>
[AllowAnonymousCaller("the code identifies the caller")]
[LimitRate(RateClass.Credentials)]
[Refuses(typeof(SignInErrors), nameof(SignInErrors.IncorrectCode), nameof(SignInErrors.TooMany))]
[OmitBodiesFromAudit]
public sealed record SignInByCodeCommand : IRequest<OpenedSession>
{
    /// <summary>The address.</summary>
    /// <example>user@example.com</example>
    [Required]
    [MaxLength(User.MaxEmailLength)]
    public Supplied<string> Username { get; init; }

    /// <summary>The code, six digits.</summary>
    /// <example>123456</example>
    [Required]
    public Supplied<string> VerificationCode { get; init; }
}

internal sealed class SignInByCodeValidator : OrderedValidator<SignInByCodeCommand>
{
    public SignInByCodeValidator()
    {
        Require(
            command => command.Username is { IsGiven: true, Value.Length: > 0 and <= User.MaxEmailLength }
                && command.VerificationCode is { IsGiven: true, Value.Length: > 0 },
            RequestErrors.Invalid(
                "Invalid sign in data. Please provide username and verification code in either form data or JSON format."));
    }
}

internal sealed class SignInByCodeHandler(IIdentityDb db, EmailCodes codes, SignInGuard guard, NewAccounts accounts, Sessions sessions)
    : IRequestHandler<SignInByCodeCommand, OpenedSession>
{
    public async Task<OpenedSession> Handle(SignInByCodeCommand command, CancellationToken cancellationToken)
    {
        var email = User.NormaliseEmail(command.Username.Value);
        var user = await db.Users.FirstOrDefaultAsync(known => known.Email == email && known.DeletedAt == null, cancellationToken);
        await guard.ThrowIfTooSoonAsync(email, user, cancellationToken);
        if (!await codes.UseAsync(email, command.VerificationCode.Value, cancellationToken) || user is { Active: false })
        {
            await guard.CountAsync(email, cancellationToken);
            throw new RefusedException(SignInErrors.IncorrectCode);
        }

        user ??= await OpenAccountAsync(email, cancellationToken);
        return OpenedSession.Of(await sessions.OpenProvenAsync(user, SignInMethod.EmailCode, refreshable: false, cancellationToken));
    }

    private async Task<User> OpenAccountAsync(string email, CancellationToken cancellationToken)
    {
        try
        {
            var user = await accounts.AddAsync(new NewAccount(email), cancellationToken);
            await accounts.SaveAsync(cancellationToken);
            return user;
        }
        catch (RefusedException taken) when (taken.Error == UserErrors.EmailTaken)
        {
            // Somebody registered the address at this very moment. The code is used up; the next one opens that account.
            throw new RefusedException(SignInErrors.IncorrectCode, taken);
        }
    }
}
