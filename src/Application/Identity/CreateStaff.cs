using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Opens the account of a member of the staff.</summary>
[RequireCredential(CredentialKind.Any)]
[RequireTier(Tiers.Administrator, "create staff")]
[Rewords("tier_required", ErrorKind.Forbidden, "Admin access required")]
[RestrictAddresses]
[LimitRate(RateClass.Conversations)]
[Refuses(typeof(UserErrors), nameof(UserErrors.EmailTaken), nameof(UserErrors.HandleTaken), nameof(UserErrors.NotCreated))]
[Rewords("email_taken", ErrorKind.BadRequest, "Email already registered")]
[Rewords("handle_taken", ErrorKind.BadRequest, "Username already taken")]
[OmitBodiesFromAudit]
public sealed record CreateStaffCommand : IRequest<CreatedStaff>
{
    /// <summary>Name as shown.</summary>
    /// <example>Support User</example>
    [Required]
    [MaxLength(User.MaxNameLength)]
    public Supplied<string> Name { get; init; }

    /// <summary>The name to sign in by; unique.</summary>
    /// <example>support1</example>
    [Required]
    [MinLength(User.MinHandleLength)]
    [MaxLength(User.MaxHandleLength)]
    public Supplied<string> Username { get; init; }

    /// <summary>The address; unique.</summary>
    /// <example>support@example.com</example>
    [Required]
    [MaxLength(User.MaxEmailLength)]
    public Supplied<string> Email { get; init; }

    /// <summary>The password; a digit must be in it.</summary>
    /// <example>a-long-password-1</example>
    [Required]
    [MinLength(8)]
    [MaxLength(SignIns.MaxPasswordLength)]
    public Supplied<string> Password { get; init; }

    /// <summary><c>new</c>, <c>support</c> or <c>advanced</c>.</summary>
    /// <example>support</example>
    [Required]
    public Supplied<string> StaffLevel { get; init; }
}

/// <summary>A new member of the staff.</summary>
/// <param name="Number">The account's number.</param>
/// <param name="Username">Its handle.</param>
public sealed record CreatedStaff(long Number, string Username);

internal sealed class CreateStaffValidator : PersonRules<CreateStaffCommand>
{
    public CreateStaffValidator()
    {
        RequireName(command => command.Name);
        RequireUsername(command => command.Username);
        RequireEmail("email", command => command.Email);
        RequireStrongPassword("password", command => command.Password);
        RequireChoice("staff_level", command => command.StaffLevel, StaffLevels.Names);
    }
}

internal sealed class CreateStaffHandler(NewAccounts accounts, OwnCall own) : IRequestHandler<CreateStaffCommand, CreatedStaff>
{
    public async Task<CreatedStaff> Handle(CreateStaffCommand command, CancellationToken cancellationToken)
    {
        var user = await accounts.AddAsync(
            new NewAccount(command.Email.Value)
            {
                Password = command.Password.Value,
                Handle = command.Username.Value,
                Name = PersonWriting.Clean(command.Name.Value),
            },
            cancellationToken);
        user.VouchForEmail(own.Now);
        user.SetStaffLevel(StaffLevels.Find(command.StaffLevel.Value), own.Now);
        await accounts.SaveAsync(cancellationToken);
        return new CreatedStaff(user.Numbering!.Number, user.Handle!);
    }
}

/// <summary>Levels of the staff by their wire names.</summary>
public static class StaffLevels
{
    /// <summary>The names, lowest first.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<StaffLevel>().Order().Select(Of)];

    /// <summary>The level of a name; <see langword="null"/> where there is none.</summary>
    /// <param name="name">The name.</param>
    public static StaffLevel? Find(string name) => name switch
    {
        "new" => StaffLevel.New,
        "support" => StaffLevel.Support,
        "advanced" => StaffLevel.Advanced,
        _ => null,
    };

    /// <summary>The name of a level.</summary>
    /// <param name="level">The level.</param>
    public static string Of(StaffLevel level) => level switch
    {
        StaffLevel.New => "new",
        StaffLevel.Support => "support",
        _ => "advanced",
    };
}
