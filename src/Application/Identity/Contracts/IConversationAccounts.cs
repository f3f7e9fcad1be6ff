namespace AiPlatform.Application.Identity.Contracts;

/// <summary>What people have left of a day's conversations; the ledger keeps it.</summary>
public interface IConversationAccounts
{
    /// <summary>What is left today.</summary>
    /// <param name="aDay">What a day starts with, by person.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Whole conversations, by person.</returns>
    Task<IReadOnlyDictionary<Guid, long>> LeftTodayAsync(IReadOnlyDictionary<Guid, int> aDay, CancellationToken cancellationToken);

    /// <summary>Makes what is left today exactly so much.</summary>
    /// <param name="userId">The person.</param>
    /// <param name="aDay">What a day starts with.</param>
    /// <param name="left">Whole conversations, zero or more.</param>
    /// <param name="cancellationToken">Gives up before the decision.</param>
    Task SetLeftTodayAsync(Guid userId, int aDay, long left, CancellationToken cancellationToken);
}
