namespace AiPlatform.Application.Identity.Contracts;

/// <summary>An API key, without its secret.</summary>
/// <param name="KeyId">The key.</param>
/// <param name="UserId">The account that it identifies.</param>
/// <param name="Prefix">The first characters of the secret, to know it by.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
public sealed record OwnedKey(Guid KeyId, Guid UserId, string Prefix, DateTimeOffset CreatedAt);

/// <summary>Looks up what can own a ledger account besides a user.</summary>
public interface IOwnerDirectory
{
    /// <summary>An API key in force; <see langword="null"/> where there is none, or it is revoked or its account deleted.</summary>
    /// <param name="keyId">The key.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<OwnedKey?> FindKeyAsync(Guid keyId, CancellationToken cancellationToken);

    /// <summary>The API keys in force of an account, oldest first.</summary>
    /// <param name="userId">The account.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<IReadOnlyList<OwnedKey>> KeysOfAsync(Guid userId, CancellationToken cancellationToken);

    /// <summary>The teams that accounts belong to now; those without one are left out.</summary>
    /// <param name="userIds">The accounts.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<IReadOnlyDictionary<Guid, Guid>> TeamsOfAsync(IReadOnlyCollection<Guid> userIds, CancellationToken cancellationToken);

    /// <summary>The accounts that belong to a team now.</summary>
    /// <param name="teamId">The team.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<IReadOnlyCollection<Guid>> MembersOfAsync(Guid teamId, CancellationToken cancellationToken);

    /// <summary>Whether there is a team.</summary>
    /// <param name="teamId">The team.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<bool> TeamExistsAsync(Guid teamId, CancellationToken cancellationToken);
}
