using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Opens an account with a key of its own.</summary>
[AllowAnonymousCaller("who has no account yet has no credential")]
[RestrictAddresses]
[LimitRate(RateClass.Conversations)]
[Refuses(typeof(UserErrors), nameof(UserErrors.EmailTaken), nameof(UserErrors.HandleTaken), nameof(UserErrors.NotCreated))]
[Rewords("email_taken", ErrorKind.BadRequest, "Email already registered")]
[Rewords("handle_taken", ErrorKind.BadRequest, "Username already taken")]
[OmitBodiesFromAudit]
public sealed record RegisterPersonCommand : IRequest<RegisteredPerson>
{
    /// <summary>The name to sign in by: 3 to 30 letters, digits and underscores; unique without regard to case.</summary>
    /// <example>johndoe</example>
    [Required]
    [MinLength(User.MinHandleLength)]
    [MaxLength(User.MaxHandleLength)]
    public Supplied<string> Username { get; init; }

    /// <summary>Name as shown.</summary>
    /// <example>John Doe</example>
    [Required]
    [MaxLength(User.MaxNameLength)]
    public Supplied<string> Name { get; init; }

    /// <summary>The address; unique.</summary>
    /// <example>john@example.com</example>
    [Required]
    [MaxLength(User.MaxEmailLength)]
    public Supplied<string> Email { get; init; }

    /// <summary>The password; a digit must be in it.</summary>
    /// <example>a-long-password-1</example>
    [Required]
    [MinLength(8)]
    [MaxLength(SignIns.MaxPasswordLength)]
    public Supplied<string> Password { get; init; }

    /// <summary>The password once more.</summary>
    /// <example>a-long-password-1</example>
    [Required]
    public Supplied<string> ConfirmPassword { get; init; }

    /// <summary><c>Personal</c> (by default) or <c>Business</c>.</summary>
    /// <example>Personal</example>
    public Supplied<string> Type { get; init; }

    /// <summary>About the person.</summary>
    [MaxLength(PersonWriting.MaxLength)]
    public Supplied<string> AboutMe { get; init; }

    /// <summary>Hobbies.</summary>
    [MaxLength(PersonWriting.MaxLength)]
    public Supplied<string> Hobbies { get; init; }
}

/// <summary>A new account.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Username">Its handle.</param>
/// <param name="ApiKey">Its key.</param>
public sealed record RegisteredPerson(long Number, string Username, string ApiKey);

internal sealed class RegisterPersonValidator : PersonRules<RegisterPersonCommand>
{
    public RegisterPersonValidator()
    {
        RequireUsername(command => command.Username);
        RequireName(command => command.Name);
        RequireEmail("email", command => command.Email);
        RequireStrongPassword("password", command => command.Password);
        Require(
            command => command.ConfirmPassword.IsGiven && command.ConfirmPassword.Value == command.Password.Value,
            PersonErrors.Unprocessable("confirm_password", "Passwords do not match"));
        RequireType(command => command.Type);
        RequireWriting("about_me", command => command.AboutMe);
        RequireWriting("hobbies", command => command.Hobbies);
    }
}

internal sealed class RegisterPersonHandler(NewAccounts accounts, PersonKeys keys, IIdentityDb db)
    : IRequestHandler<RegisterPersonCommand, RegisteredPerson>
{
    public async Task<RegisteredPerson> Handle(RegisterPersonCommand command, CancellationToken cancellationToken)
    {
        var user = await accounts.AddAsync(
            new NewAccount(command.Email.Value)
            {
                Password = command.Password.Value,
                Handle = command.Username.Value,
                Name = PersonWriting.Clean(command.Name.Value),
            },
            cancellationToken);
        var profile = db.Profiles.Local.Single(known => known.UserId == user.Id);
        profile.Describe(PersonWriting.Clean(command.AboutMe.Or(string.Empty)), PersonWriting.Clean(command.Hobbies.Or(string.Empty)));
        profile.Label(command.Type.Or(profile.Type), profile.Plan, profile.Level, profile.AccessTypes);
        var key = keys.Add(user.Id);
        await accounts.SaveAsync(cancellationToken);
        return new RegisteredPerson(user.Numbering!.Number, user.Handle!, key.Plain);
    }
}
