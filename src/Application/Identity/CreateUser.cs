using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Opens an account and makes its API key.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "create users")]
[Refuses(typeof(UserErrors), nameof(UserErrors.EmailTaken), nameof(UserErrors.NotCreated))]
[OmitBodiesFromAudit]
public sealed record CreateUserCommand : IRequest<CreatedUser>
{
    /// <summary>A usable access token of the administrator.</summary>
    /// <example>the token that GET /get-token answered</example>
    [Required]
    public Supplied<string> Token { get; init; }

    /// <summary>Name as shown.</summary>
    /// <example>Ada Lovelace</example>
    [Required]
    [MaxLength(User.MaxNameLength)]
    public Supplied<string> UserName { get; init; }

    /// <summary>Address; unique.</summary>
    /// <example>ada@example.com</example>
    [Required]
    [MaxLength(User.MaxEmailLength)]
    public Supplied<string> UserEmail { get; init; }

    /// <summary>Everyday name.</summary>
    /// <example>Ada</example>
    [MaxLength(User.MaxNameLength)]
    public Supplied<string> CommonName { get; init; }

    /// <summary>Tier.</summary>
    [Range(Tiers.Developer, Tiers.Highest)]
    [DefaultValue(Tiers.Developer)]
    public Supplied<int> Scope { get; init; }

    /// <summary>Whether the account's credentials are accepted.</summary>
    [DefaultValue(true)]
    public Supplied<bool> Active { get; init; }

    /// <summary>A note.</summary>
    /// <example>Joined in March</example>
    [MaxLength(User.MaxCommentLength)]
    public Supplied<string> Comment { get; init; }
}

/// <summary>A new account.</summary>
/// <param name="UserId">The account.</param>
/// <param name="ApiKey">Its key, shown only now.</param>
public sealed record CreatedUser(Guid UserId, string ApiKey);

internal sealed class CreateUserValidator : OrderedValidator<CreateUserCommand>
{
    public CreateUserValidator()
    {
        RequireBody();
        Require(command => command.Token.IsGiven && command.Token.Value.Length > 0, RequestErrors.Invalid("Valid token is required in the request body"));
        RequireConfirmation(command => command.Token.Value);
        RequireFields(("user_name", command => command.UserName), ("user_email", command => command.UserEmail));
        Require(command => UserEmail.IsValid(command.UserEmail), UserErrors.InvalidEmail);
        Require(
            command => !command.Scope.IsMistyped && command.Scope.Or(Tiers.Developer) is >= Tiers.Developer and <= Tiers.Highest,
            RequestErrors.Invalid("Scope must be between 1 and 5"));
        RequireText("user_name", command => command.UserName, User.MaxNameLength);
        RequireText("common_name", command => command.CommonName, User.MaxNameLength);
        RequireFlag("active", command => command.Active);
        RequireText("comment", command => command.Comment, User.MaxCommentLength);
    }
}

internal sealed class CreateUserHandler(IIdentityDb db, ISecretIssuer secrets, TimeProvider time)
    : IRequestHandler<CreateUserCommand, CreatedUser>
{
    public async Task<CreatedUser> Handle(CreateUserCommand command, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var user = new User(command.UserName.Value, command.UserEmail.Value, command.Scope.Or(Tiers.Developer), now);
        await db.GuardUniqueEmailAsync(user, cancellationToken);
        user.SetCommonName(command.CommonName.Or(string.Empty), now);
        user.Annotate(command.Comment.Or(string.Empty), now);
        user.SetActive(command.Active.Or(true), now);
        user.VouchForEmail(now);
        var apiKey = secrets.NewApiKey();
        db.Users.Add(user);
        db.ApiKeys.Add(new ApiKey(user.Id, ApiKeyKind.Uuid, secrets.Hash(apiKey), now));
        await db.SaveAccountAsync(UserErrors.NotCreated, cancellationToken);
        return new CreatedUser(user.Id, apiKey);
    }
}
