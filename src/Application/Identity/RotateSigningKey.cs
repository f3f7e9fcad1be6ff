using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Has a new key sign session tokens; what the one before signed is accepted until it is over.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "rotate signing keys")]
public sealed record RotateSigningKeyCommand : IRequest<RotatedSigningKey>;

/// <summary>The keys after a rotation.</summary>
/// <param name="KeyId">The key that signs from now on (<c>kid</c>).</param>
/// <param name="RetiresAt">When the last token of the keys before it is over, UTC.</param>
public sealed record RotatedSigningKey(Guid KeyId, DateTimeOffset RetiresAt);

internal sealed class RotateSigningKeyHandler(ISigningKeyRotation rotation) : IRequestHandler<RotateSigningKeyCommand, RotatedSigningKey>
{
    public Task<RotatedSigningKey> Handle(RotateSigningKeyCommand command, CancellationToken cancellationToken) =>
        rotation.RotateAsync(cancellationToken);
}

/// <summary>Has one key that signs session tokens follow another.</summary>
public interface ISigningKeyRotation
{
    /// <summary>Has a new key sign from now on.</summary>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    Task<RotatedSigningKey> RotateAsync(CancellationToken cancellationToken);
}

internal sealed class SigningKeyRotation(
    IIdentityDb db, ISigningKeyIssuer issuer, ISessionPolicy policy, IReadCache cache, TimeProvider time) : ISigningKeyRotation
{
    // A replica may sign with the key before for a moment after the change.
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(1);

    public async Task<RotatedSigningKey> RotateAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var lastTokenEnds = now + policy.AccessTokenLifetime + Late;
        var next = new SigningKey(issuer.NewSealedSecret(), now);
        var known = await db.SigningKeys.Where(key => key.RetiresAt == null).ToListAsync(cancellationToken);
        known.ForEach(key => key.RetireAt(lastTokenEnds));
        db.SigningKeys.Add(next);
        await db.SaveChangesAsync(cancellationToken);
        cache.Forget();
        return new RotatedSigningKey(next.Id, lastTokenEnds);
    }
}
