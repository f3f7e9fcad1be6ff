using System.ComponentModel.DataAnnotations;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>
/// Deletes an account that holds no usable token. Its keys and tokens go; the row stays as the tombstone that ledger and audit
/// point to.
/// </summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "delete users")]
[Refuses(
    typeof(UserErrors),
    nameof(UserErrors.NotFound),
    nameof(UserErrors.CannotDeleteSelf),
    nameof(UserErrors.HasActiveTokens),
    nameof(UserErrors.LastAdministrator),
    nameof(UserErrors.NotDeleted))]
public sealed record DeleteUserCommand : IRequest<DeletedUser>
{
    /// <summary>A usable access token of the administrator.</summary>
    /// <example>the token that GET /get-token answered</example>
    [Required]
    public Supplied<string> Token { get; init; }

    /// <summary>The account, a UUID.</summary>
    /// <example>01890a5d-ac96-774b-bcce-b302099a8057</example>
    [Required]
    public Supplied<string> Id { get; init; }
}

/// <summary>A deleted account.</summary>
/// <param name="UserId">The account.</param>
public sealed record DeletedUser(Guid UserId);

internal sealed class DeleteUserValidator : OrderedValidator<DeleteUserCommand>
{
    public DeleteUserValidator()
    {
        RequireBody();
        RequireFields(("token", command => command.Token), ("id", command => command.Id));
        RequireConfirmation(command => command.Token.Value);
    }
}

internal sealed class DeleteUserHandler(IIdentityDb db, IReadCache cache, CallRecord record, TimeProvider time)
    : IRequestHandler<DeleteUserCommand, DeletedUser>
{
    public async Task<DeletedUser> Handle(DeleteUserCommand command, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var change = await db.LockAdministratorsAsync(cancellationToken);
        var user = await db.GetAccountAsync(command.Id.Value, cancellationToken);
        user.Delete(record.RequiredCaller.UserId, now);
        if (await db.AccessTokens.AnyAsync(
            token => token.UserId == user.Id && token.RevokedAt == null && token.ExpiresAt > now, cancellationToken))
        {
            throw new RefusedException(UserErrors.HasActiveTokens);
        }

        await db.GuardLastAdministratorAsync(user, cancellationToken);
        await db.SaveAccountAsync(UserErrors.NotDeleted, cancellationToken);
        await db.RemoveCredentialsAsync(user.Id, cancellationToken);
        await change.CommitAsync(cancellationToken);
        cache.Forget();
        return new DeletedUser(user.Id);
    }
}
