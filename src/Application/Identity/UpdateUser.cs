using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Changes an account. A field that is absent or <c>null</c> stays as it is.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "update users")]
[Refuses(
    typeof(UserErrors), nameof(UserErrors.LastAdministrator), nameof(UserErrors.EmailTaken), nameof(UserErrors.NotUpdated))]
public sealed record UpdateUserCommand : IRequest<UpdatedUser>
{
    /// <summary>A usable access token of the administrator.</summary>
    /// <example>the token that GET /get-token answered</example>
    [Required]
    public Supplied<string> Token { get; init; }

    /// <summary>The account, a UUID.</summary>
    /// <example>01890a5d-ac96-774b-bcce-b302099a8057</example>
    [Required]
    public Supplied<string> Id { get; init; }

    /// <summary>New name as shown.</summary>
    /// <example>Ada Lovelace</example>
    [MinLength(1)]
    [MaxLength(User.MaxNameLength)]
    public Supplied<string> UserName { get; init; }

    /// <summary>New address; unique.</summary>
    /// <example>ada@example.com</example>
    [MaxLength(User.MaxEmailLength)]
    public Supplied<string> UserEmail { get; init; }

    /// <summary>New everyday name; an empty one clears it.</summary>
    /// <example>Ada</example>
    [MaxLength(User.MaxNameLength)]
    public Supplied<string> CommonName { get; init; }

    /// <summary>New tier; this month's balance stays as it is.</summary>
    [Range(Tiers.Administrator, Tiers.Highest)]
    public Supplied<int> Scope { get; init; }

    /// <summary>Whether the account's credentials are accepted from now on.</summary>
    public Supplied<bool> Active { get; init; }

    /// <summary>New note; an empty one clears it.</summary>
    [MaxLength(User.MaxCommentLength)]
    public Supplied<string> Comment { get; init; }
}

/// <summary>A changed account.</summary>
/// <param name="UserId">The account.</param>
/// <param name="UpdatedFields">Wire names of the fields that were set, in the documented order.</param>
public sealed record UpdatedUser(Guid UserId, IReadOnlyList<string> UpdatedFields);

internal sealed class UpdateUserValidator : OrderedValidator<UpdateUserCommand>
{
    public UpdateUserValidator()
    {
        RequireBody();
        RequireFields(("token", command => command.Token), ("id", command => command.Id));
        RequireConfirmation(command => command.Token.Value);
        Require<IUserDirectory>(
            async (command, users, cancellationToken) => await users.FindAsync(command.Id.Value, cancellationToken) is not null,
            command => Accounts.NotFound(command.Id.Value),
            UserErrors.NotFound("<id>"));
        Require(command => command.UserEmail.IsLeftOut || UserEmail.IsValid(command.UserEmail), UserErrors.InvalidEmail);
        Require(
            command => !command.Scope.IsMistyped && Tiers.Exists(command.Scope.Or(Tiers.Developer)),
            RequestErrors.Invalid("Scope must be between 0 and 5"));
        RequireText("user_name", command => command.UserName, User.MaxNameLength);
        Require(
            command => !command.UserName.IsGiven || !string.IsNullOrWhiteSpace(command.UserName.Value),
            RequestErrors.Invalid("user_name must not be empty"));
        RequireText("common_name", command => command.CommonName, User.MaxNameLength);
        RequireFlag("active", command => command.Active);
        RequireText("comment", command => command.Comment, User.MaxCommentLength);
    }
}

internal sealed class UpdateUserHandler(IIdentityDb db, IReadCache cache, TimeProvider time)
    : IRequestHandler<UpdateUserCommand, UpdatedUser>
{
    // The documented order of updated_fields.
    private static readonly (string Name, Func<UpdateUserCommand, ISupplied> Field, Action<User, UpdateUserCommand, DateTimeOffset> Apply)[] Changes =
    [
        ("user_name", command => command.UserName, (user, command, now) => user.Rename(command.UserName.Value, now)),
        ("user_email", command => command.UserEmail, (user, command, now) => user.ChangeEmail(command.UserEmail.Value, now)),
        ("common_name", command => command.CommonName, (user, command, now) => user.SetCommonName(command.CommonName.Value, now)),
        ("scope", command => command.Scope, (user, command, now) => user.MoveToTier(command.Scope.Value, now)),
        ("active", command => command.Active, (user, command, now) => user.SetActive(command.Active.Value, now)),
        ("comment", command => command.Comment, (user, command, now) => user.Annotate(command.Comment.Value, now)),
    ];

    public async Task<UpdatedUser> Handle(UpdateUserCommand command, CancellationToken cancellationToken)
    {
        await using var change = await db.LockAdministratorsAsync(cancellationToken);
        var user = await db.GetAccountAsync(command.Id.Value, cancellationToken);
        var given = Array.FindAll(Changes, field => field.Field(command).IsGiven);
        foreach (var field in given)
        {
            field.Apply(user, command, time.GetUtcNow());
        }

        await db.GuardLastAdministratorAsync(user, cancellationToken);
        await db.GuardUniqueEmailAsync(user, cancellationToken);
        await db.SaveAccountAsync(UserErrors.NotUpdated, cancellationToken);
        await change.CommitAsync(cancellationToken);
        cache.Forget();
        return new UpdatedUser(user.Id, Array.ConvertAll(given, field => field.Name));
    }
}
