using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Changes a person as a member of the staff; a new password ends the person's sessions.</summary>
[RequireCredential(CredentialKind.Any)]
[RequireStaff(StaffLevel.Support)]
[RestrictAddresses]
[LimitRate(RateClass.Conversations)]
[Refuses(typeof(AccountErrors), nameof(AccountErrors.NotFound))]
[Refuses(typeof(UserErrors), nameof(UserErrors.EmailTaken), nameof(UserErrors.NotUpdated))]
[Rewords("email_taken", ErrorKind.BadRequest, "Email already taken by another user")]
[OmitBodiesFromAudit]
public sealed record ChangePersonAsStaffCommand : PersonChange, IRequest
{
    /// <summary>New password; a digit must be in it.</summary>
    /// <example>another-password-2</example>
    [MinLength(8)]
    [MaxLength(SignIns.MaxPasswordLength)]
    public Supplied<string> Password { get; init; }

    [JsonIgnore]
    internal override bool ChangesSomething => base.ChangesSomething || Password.IsGiven;
}

internal sealed class ChangePersonAsStaffValidator : PersonChangeRules<ChangePersonAsStaffCommand>
{
    public ChangePersonAsStaffValidator()
    {
        RequireSharedFields();
        RequireStrongPassword("password", command => command.Password, optional: true);
        RequireSomething();
    }
}

internal sealed class ChangePersonAsStaffHandler(
    IIdentityDb db, PersonViews people, PersonChanges changes, PasswordChanges passwords, OwnCall own)
    : IRequestHandler<ChangePersonAsStaffCommand, Unit>
{
    public async Task<Unit> Handle(ChangePersonAsStaffCommand command, CancellationToken cancellationToken)
    {
        var person = await people.GetAsync(command.Username, cancellationToken);
        StaffRights.Guard(own.Caller, person);
        var profile = await changes.ApplyAsync(command, person, cancellationToken);
        if (command.Password.IsGiven)
        {
            await passwords.SetAsync(person, command.Password.Value, except: null, cancellationToken);
        }

        await db.SaveAccountAsync(UserErrors.NotUpdated, cancellationToken);
        own.Forget();
        await changes.SetLeftTodayAsync(command, profile, cancellationToken);
        return Unit.Value;
    }
}
