using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Sends a code to an address. Whether the address is known makes no difference that anybody could see.</summary>
[AllowAnonymousCaller("the code is what will identify the caller")]
[LimitRate(RateClass.Credentials)]
[OmitBodiesFromAudit]
public sealed record SendEmailCodeCommand : IRequest
{
    /// <summary>The address.</summary>
    /// <example>user@example.com</example>
    [Required]
    [MaxLength(User.MaxEmailLength)]
    public Supplied<string> Email { get; init; }
}

internal sealed class SendEmailCodeValidator : OrderedValidator<SendEmailCodeCommand>
{
    public SendEmailCodeValidator()
    {
        Require(
            command => !command.Email.IsLeftOut && !(command.Email.IsGiven && string.IsNullOrWhiteSpace(command.Email.Value)),
            RequestErrors.Invalid("Email is required"));
        Require(command => UserEmail.IsValid(command.Email), UserErrors.InvalidEmail);
    }
}

internal sealed class SendEmailCodeHandler(EmailCodes codes) : IRequestHandler<SendEmailCodeCommand, Unit>
{
    public async Task<Unit> Handle(SendEmailCodeCommand command, CancellationToken cancellationToken)
    {
        await codes.SendAsync(User.NormaliseEmail(command.Email.Value), cancellationToken);
        return Unit.Value;
    }
}

/// <summary>Codes that prove that an address is somebody's own.</summary>
internal sealed class EmailCodes(IIdentityDb db, ISecretIssuer secrets, IMailer mailer, TimeProvider time)
{
    // Who asks again at once is asking for a mail that is on its way; a stranger would be filling somebody's box.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Sends a new code, which replaces the one before.</summary>
    public async Task SendAsync(string email, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (await db.EmailCodes.AnyAsync(code => code.Email == email && code.CreatedAt > now - Patience, cancellationToken))
        {
            return;
        }

        var secret = secrets.NewEmailCode();
        await db.EmailCodes.Where(code => code.Email == email).ExecuteDeleteAsync(cancellationToken);
        db.EmailCodes.Add(new EmailCode(email, HashOf(email, secret), now));
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            // Another request for the same address came first; its code is on its way.
            return;
        }

        mailer.Send(new Mail(
            email,
            "Your sign-in code",
            $"Your sign-in code is {secret}. It is good for {EmailCode.Lifetime.TotalMinutes:0} minutes. If you did not ask for it, ignore this mail."));
    }

    /// <summary>Uses a code up. A wrong guess counts against it, whatever happens at the same time.</summary>
    /// <returns>Whether it was the code that was sent.</returns>
    public async Task<bool> UseAsync(string email, string guess, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var counted = await db.EmailCodes
            .Where(code => code.Email == email && code.ExpiresAt > now && code.Attempts < EmailCode.MostAttempts)
            .ExecuteUpdateAsync(set => set.SetProperty(code => code.Attempts, code => code.Attempts + 1), cancellationToken);
        if (counted == 0)
        {
            return false;
        }

        // The hash is a keyed one, so looking it up compares nothing of the code itself.
        var hash = HashOf(email, guess);
        return await db.EmailCodes.Where(code => code.Email == email && code.Hash == hash).ExecuteDeleteAsync(cancellationToken) == 1;
    }

    private string HashOf(string email, string code) => secrets.Hash($"email-code|{email}|{code.Trim()}").Hash;
}
