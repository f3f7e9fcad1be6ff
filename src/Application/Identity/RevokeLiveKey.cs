using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Shared;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Revokes one of the caller's own keys; it is refused everywhere within a second.</summary>
/// <param name="KeyId">The key as the client wrote it.</param>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.General)]
[Refuses(typeof(LiveKeyErrors), nameof(LiveKeyErrors.NotFound))]
public sealed record RevokeLiveKeyCommand(string KeyId) : IRequest<Guid>;

internal sealed class RevokeLiveKeyHandler(IIdentityDb db, OwnCall own) : IRequestHandler<RevokeLiveKeyCommand, Guid>
{
    public async Task<Guid> Handle(RevokeLiveKeyCommand command, CancellationToken cancellationToken)
    {
        var key = Accounts.TryReadId(command.KeyId, out var id)
            ? await db.LiveKeysOf(own.Caller.UserId).FirstOrDefaultAsync(known => known.Id == id, cancellationToken)
            : null;
        (key ?? throw new RefusedException(LiveKeyErrors.NotFound)).Revoke(own.Now);
        await db.SaveChangesAsync(cancellationToken);
        own.Forget();
        return key.Id;
    }
}
