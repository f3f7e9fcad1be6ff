using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Identity.Contracts;

/// <summary>API keys of 64 hexadecimal digits that their owners call by names of their own (seed 001).</summary>
public interface INamedKeys
{
    /// <summary>Refuses a key that could not be added now.</summary>
    /// <param name="userId">The owner.</param>
    /// <param name="name">What it would be called.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="RefusedException">The name is taken, or there are too many keys.</exception>
    Task GuardNewAsync(Guid userId, string name, CancellationToken cancellationToken);

    /// <summary>Makes a key.</summary>
    /// <param name="userId">The owner.</param>
    /// <param name="name">What it is called; 1 to 100 characters.</param>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    /// <returns>The secret, which nobody can read again.</returns>
    /// <exception cref="RefusedException">The name is taken.</exception>
    Task<string> AddAsync(Guid userId, string name, CancellationToken cancellationToken);

    /// <summary>Lists the keys of an account, oldest first.</summary>
    /// <param name="userId">The owner.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<IReadOnlyList<NamedKey>> ListAsync(Guid userId, CancellationToken cancellationToken);

    /// <summary>Refuses a name that no key has.</summary>
    /// <param name="userId">The owner.</param>
    /// <param name="name">The key.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="RefusedException">There is no such key.</exception>
    Task GuardExistsAsync(Guid userId, string name, CancellationToken cancellationToken);

    /// <summary>Switches a key on or off; one that is off is refused everywhere.</summary>
    /// <param name="userId">The owner.</param>
    /// <param name="name">The key.</param>
    /// <param name="active">Whether it is accepted.</param>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    /// <exception cref="RefusedException">There is no such key.</exception>
    Task SetActiveAsync(Guid userId, string name, bool active, CancellationToken cancellationToken);

    /// <summary>Deletes a key for good.</summary>
    /// <param name="userId">The owner.</param>
    /// <param name="name">The key.</param>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    /// <exception cref="RefusedException">There is no such key.</exception>
    Task DeleteAsync(Guid userId, string name, CancellationToken cancellationToken);
}

/// <summary>A key without its secret.</summary>
/// <param name="Preview">Its first and last four characters.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Active">Whether it is accepted.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
public sealed record NamedKey(string Preview, string Name, bool Active, DateTimeOffset CreatedAt);

/// <summary>What is refused about named keys; the words are those of seed 001's surface.</summary>
public static class NamedKeyErrors
{
    /// <summary>Most keys of one account, revoked ones included.</summary>
    public const int Most = 100;

    /// <summary>Another key of the account has the name.</summary>
    public static readonly Error NameTaken = new("api_key_name_taken", ErrorKind.BadRequest, "API name already exists for this user");

    /// <summary>The account has as many as it may have.</summary>
    public static readonly Error TooMany =
        new("too_many_keys", ErrorKind.Conflict, $"There are {Most} API keys already. Delete one that is not used any more.");

    /// <summary>There is no such key of the caller's.</summary>
    public static readonly Error NotFound = new("api_key_not_found", ErrorKind.NotFound, "API key not found");
}
