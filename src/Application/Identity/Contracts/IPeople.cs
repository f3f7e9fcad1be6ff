namespace AiPlatform.Application.Identity.Contracts;

/// <summary>What other capabilities need to know of a person.</summary>
/// <param name="Username">The handle; the address where there is none.</param>
/// <param name="Email">The address.</param>
/// <param name="ConversationsADay">Conversations that a day starts with.</param>
public sealed record PersonFacts(string Username, string Email, int ConversationsADay);

/// <summary>Looks people up for other capabilities.</summary>
public interface IPeople
{
    /// <summary>The person; <see langword="null"/> where the account is deleted.</summary>
    /// <param name="userId">The account.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<PersonFacts?> FindAsync(Guid userId, CancellationToken cancellationToken);

    /// <summary>Conversations that a day starts with, where an administrator set another number than the platform's.</summary>
    /// <param name="userIds">The accounts.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<IReadOnlyDictionary<Guid, int>> OwnNumbersAsync(IReadOnlyCollection<Guid> userIds, CancellationToken cancellationToken);
}
