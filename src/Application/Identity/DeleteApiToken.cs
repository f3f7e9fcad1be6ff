using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Shared;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Deletes one of the caller's own API tokens; it is refused everywhere within a second.</summary>
/// <param name="TokenId">The token as the client wrote it.</param>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.General)]
[Refuses(typeof(ApiTokenErrors), nameof(ApiTokenErrors.NotFound))]
public sealed record DeleteApiTokenCommand(string TokenId) : IRequest;

internal sealed class DeleteApiTokenHandler(IIdentityDb db, OwnCall own) : IRequestHandler<DeleteApiTokenCommand, Unit>
{
    public async Task<Unit> Handle(DeleteApiTokenCommand command, CancellationToken cancellationToken)
    {
        var token = Accounts.TryReadId(command.TokenId, out var id)
            ? await db.ApiTokensOf(own.Caller.UserId).FirstOrDefaultAsync(known => known.Id == id, cancellationToken)
            : null;
        (token ?? throw new RefusedException(ApiTokenErrors.NotFound)).Revoke(own.Now);
        await db.SaveChangesAsync(cancellationToken);
        own.Forget();
        return Unit.Value;
    }
}
