using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Opens an account for whoever asks.</summary>
[AllowAnonymousCaller("who has no account yet has no credential")]
[LimitRate(RateClass.Credentials)]
[Refuses(typeof(UserErrors), nameof(UserErrors.EmailTaken), nameof(UserErrors.HandleTaken), nameof(UserErrors.NotCreated))]
[Rewords("email_taken", ErrorKind.BadRequest, "Email already registered")]
[Rewords("handle_taken", ErrorKind.BadRequest, "Username already taken")]
[OmitBodiesFromAudit]
public sealed record RegisterAccountCommand : IRequest<AccountView>
{
    /// <summary>The address; unique.</summary>
    /// <example>user@example.com</example>
    [Required]
    [MaxLength(User.MaxEmailLength)]
    public Supplied<string> Email { get; init; }

    /// <summary>The password.</summary>
    /// <example>a-long-password-1</example>
    [Required]
    [MinLength(8)]
    [MaxLength(256)]
    public Supplied<string> Password { get; init; }

    /// <summary>A name to sign in by besides the address: 3 to 30 letters, digits and underscores; unique.</summary>
    /// <example>ada_l</example>
    [MinLength(User.MinHandleLength)]
    [MaxLength(User.MaxHandleLength)]
    public Supplied<string> Username { get; init; }

    /// <summary>Name as shown.</summary>
    /// <example>Ada Lovelace</example>
    [MaxLength(User.MaxNameLength)]
    public Supplied<string> FullName { get; init; }

    /// <summary>The same as <c>full_name</c>, which counts where both are there.</summary>
    [MaxLength(User.MaxNameLength)]
    public Supplied<string> Name { get; init; }

    [JsonIgnore]
    internal Supplied<string> ShownName => FullName.IsLeftOut ? Name : FullName;
}

internal sealed class RegisterAccountValidator : AccountRules<RegisterAccountCommand>
{
    public RegisterAccountValidator()
    {
        RequireEmail("email", command => command.Email);
        RequirePassword("password", command => command.Password);
        RequireField("username", command => command.Username, User.IsHandle, "3 to 30 letters, digits and underscores", optional: true);
        RequireLine("full_name", command => command.FullName, User.MaxNameLength, optional: true);
        RequireLine("name", command => command.Name, User.MaxNameLength, optional: true);
    }
}

internal sealed class RegisterAccountHandler(NewAccounts accounts, IIdentityDb db) : IRequestHandler<RegisterAccountCommand, AccountView>
{
    public async Task<AccountView> Handle(RegisterAccountCommand command, CancellationToken cancellationToken)
    {
        var user = await accounts.AddAsync(
            new NewAccount(command.Email.Value)
            {
                Password = command.Password.Value,
                Handle = command.Username.IsGiven ? command.Username.Value : null,
                Name = command.ShownName.IsGiven ? command.ShownName.Value : null,
            },
            cancellationToken);
        await accounts.SaveAsync(cancellationToken);
        return await db.ViewAsync(user.Id, cancellationToken);
    }
}
