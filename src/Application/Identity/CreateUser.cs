using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Opens an account and makes its API key.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "create users")]
[OmitBodiesFromAudit]
public sealed record CreateUserCommand : IRequest<CreatedUser>
{
    /// <summary>A usable access token of the administrator.</summary>
    public Supplied<string> Token { get; init; }

    /// <summary>Name as shown; 1 to 100 characters.</summary>
    public Supplied<string> UserName { get; init; }

    /// <summary>Address; unique, at most 255 characters.</summary>
    public Supplied<string> UserEmail { get; init; }

    /// <summary>Everyday name; at most 100 characters.</summary>
    public Supplied<string> CommonName { get; init; }

    /// <summary>Tier, 1 to 5; 1 by default.</summary>
    public Supplied<int> Scope { get; init; }

    /// <summary>Whether the account's credentials are accepted; true by default.</summary>
    public Supplied<bool> Active { get; init; }

    /// <summary>A note; at most 4,000 characters.</summary>
    public Supplied<string> Comment { get; init; }
}

/// <summary>A new account.</summary>
/// <param name="UserId">The account.</param>
/// <param name="ApiKey">Its key, shown only now.</param>
public sealed record CreatedUser(Guid UserId, string ApiKey);

internal sealed class CreateUserValidator : OrderedValidator<CreateUserCommand>
{
    public CreateUserValidator(ICallContext call, ITokenConfirmation confirmation)
    {
        RequireBody(call);
        Require(command => command.Token.IsGiven && command.Token.Value.Length > 0, RequestErrors.Invalid("Valid token is required in the request body"));
        RequireConfirmation(command => command.Token.Value, confirmation);
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
        if (await db.Users.AnyAsync(other => other.Email == user.Email, cancellationToken))
        {
            throw new RefusedException(UserErrors.EmailTaken);
        }

        user.SetCommonName(command.CommonName.Or(string.Empty), now);
        user.Annotate(command.Comment.Or(string.Empty), now);
        if (!command.Active.Or(true))
        {
            user.Deactivate(now);
        }

        var apiKey = secrets.NewApiKey();
        db.Users.Add(user);
        db.ApiKeys.Add(new ApiKey(user.Id, ApiKeyKind.Uuid, secrets.Hash(apiKey), now));
        await db.SaveWithUniqueEmailAsync(cancellationToken);
        return new CreatedUser(user.Id, apiKey);
    }
}
