using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Makes an API token (<c>sk-…</c>) for oneself, or as an administrator for somebody else.</summary>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.Credentials)]
[Refuses(typeof(AccountErrors), nameof(AccountErrors.NotAuthorized), nameof(AccountErrors.NotFound))]
[Refuses(typeof(ApiTokenErrors), nameof(ApiTokenErrors.TooMany))]
[OmitBodiesFromAudit]
public sealed record CreateApiTokenCommand : IRequest<CreatedApiToken>
{
    /// <summary>What the token is called.</summary>
    /// <example>My API Token</example>
    [Required]
    [MaxLength(ApiKey.MaxNameLength)]
    public Supplied<string> Name { get; init; }

    /// <summary>The number of the account that it is for; administrators alone may name another than their own.</summary>
    public Supplied<int> UserId { get; init; }
}

/// <summary>An API token without its secret.</summary>
/// <param name="Id">The token.</param>
/// <param name="Name">What it is called.</param>
/// <param name="UserNumber">The number of its account.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
public sealed record ApiTokenView(Guid Id, string? Name, long UserNumber, DateTimeOffset CreatedAt);

/// <summary>A new API token.</summary>
/// <param name="Token">The token without its secret.</param>
/// <param name="Secret">The secret, shown only now.</param>
public sealed record CreatedApiToken(ApiTokenView Token, string Secret);

/// <summary>What is refused about API tokens.</summary>
public static class ApiTokenErrors
{
    /// <summary>Most tokens in force of one account.</summary>
    public const int Most = 100;

    /// <summary>The account has as many as it may have.</summary>
    public static readonly Error TooMany =
        new("too_many_tokens", ErrorKind.Conflict, $"There are {Most} tokens already. Delete one that is not used any more.");

    /// <summary>There is no such token of the caller's.</summary>
    public static readonly Error NotFound = new("api_token_not_found", ErrorKind.NotFound, "Token not found");
}

internal sealed class CreateApiTokenValidator : AccountRules<CreateApiTokenCommand>
{
    public CreateApiTokenValidator()
    {
        RequireLine("name", command => command.Name, ApiKey.MaxNameLength);
        RequireId("user_id", command => command.UserId, optional: true);
    }
}

internal sealed class CreateApiTokenHandler(IIdentityDb db, ISecretIssuer secrets, OwnCall own)
    : IRequestHandler<CreateApiTokenCommand, CreatedApiToken>
{
    public async Task<CreatedApiToken> Handle(CreateApiTokenCommand command, CancellationToken cancellationToken)
    {
        var owner = await OwnerAsync(command.UserId, cancellationToken);
        if (await db.ApiTokensOf(owner.UserId).CountAsync(cancellationToken) >= ApiTokenErrors.Most)
        {
            throw new RefusedException(ApiTokenErrors.TooMany);
        }

        var secret = secrets.NewApiKey(ApiKeyKind.Sk);
        var token = new ApiKey(owner.UserId, ApiKeyKind.Sk, secrets.Hash(secret), own.Now);
        token.Rename(command.Name.Value);
        db.ApiKeys.Add(token);
        await db.SaveChangesAsync(cancellationToken);
        return new CreatedApiToken(new ApiTokenView(token.Id, token.Name, owner.Number, token.CreatedAt), secret);
    }

    private async Task<(Guid UserId, long Number)> OwnerAsync(Supplied<int> userNumber, CancellationToken cancellationToken)
    {
        var number = await db.NumberAsync(own.Caller.UserId, cancellationToken);
        if (!userNumber.IsGiven || userNumber.Value == number)
        {
            return (own.Caller.UserId, number);
        }

        if (!own.Caller.IsAdministrator)
        {
            throw new RefusedException(AccountErrors.NotAuthorized);
        }

        return ((await db.GetAccountAsync(own.Caller, userNumber.Value, cancellationToken)).Id, userNumber.Value);
    }
}
