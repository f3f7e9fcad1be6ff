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

internal sealed class RotateSigningKeyHandler(IIdentityDb db, SigningKeyChange change) : IRequestHandler<RotateSigningKeyCommand, RotatedSigningKey>
{
    public async Task<RotatedSigningKey> Handle(RotateSigningKeyCommand command, CancellationToken cancellationToken)
    {
        var next = change.NewKey();
        var known = await db.SigningKeys.Where(key => key.RetiresAt == null).ToListAsync(cancellationToken);
        known.ForEach(key => key.RetireAt(change.LastTokenEnds));
        db.SigningKeys.Add(next);
        await db.SaveChangesAsync(cancellationToken);
        change.Forget();
        return new RotatedSigningKey(next.Id, change.LastTokenEnds);
    }
}

/// <summary>One key following another.</summary>
internal sealed class SigningKeyChange(ISigningKeyIssuer issuer, ISessionPolicy policy, IReadCache cache, TimeProvider time)
{
    private readonly DateTimeOffset _now = time.GetUtcNow();

    /// <summary>When what was signed until now is over, on any replica that hears of the change a moment late.</summary>
    public DateTimeOffset LastTokenEnds => _now + policy.AccessTokenLifetime + TimeSpan.FromMinutes(1);

    public SigningKey NewKey() => new(issuer.NewSealedSecret(), _now);

    public void Forget() => cache.Forget();
}
