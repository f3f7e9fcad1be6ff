using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Metering;

/// <summary>A request that names the owner of ledger accounts.</summary>
public interface INamesOwner
{
    /// <summary>A usable access token of the administrator.</summary>
    Supplied<string> Token { get; }

    /// <summary>What the owner is.</summary>
    Supplied<string> OwnerKind { get; }

    /// <summary>The owner, a UUID.</summary>
    Supplied<string> OwnerId { get; }
}

/// <summary>The owner of ledger accounts.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">The owner.</param>
public readonly record struct LedgerOwner(OwnerKind Kind, Guid Id);

/// <summary>Finds owners.</summary>
internal sealed class LedgerOwners(IUserDirectory users, IOwnerDirectory owners)
{
    /// <summary>The owner that a valid request names.</summary>
    /// <exception cref="RefusedException">It does not exist.</exception>
    public async Task<LedgerOwner> GetAsync(Supplied<string> ownerKind, Supplied<string> ownerId, CancellationToken cancellationToken)
    {
        if (LedgerNames.OwnerKindOf(ownerKind) is { } kind && LedgerNames.IdOf(ownerId) is { } id && await ExistsAsync(kind, id, cancellationToken))
        {
            return new LedgerOwner(kind, id);
        }

        throw new RefusedException(AccountErrors.OwnerNotFound($"{ownerKind.Or(string.Empty)} with ID {ownerId.Or(string.Empty)}"));
    }

    private async Task<bool> ExistsAsync(OwnerKind kind, Guid id, CancellationToken cancellationToken) => kind switch
    {
        OwnerKind.User => await users.FindAsync(id.ToString("D"), cancellationToken) is not null,
        OwnerKind.ApiKey => await owners.FindKeyAsync(id, cancellationToken) is not null,
        _ => await owners.TeamExistsAsync(id, cancellationToken),
    };
}
