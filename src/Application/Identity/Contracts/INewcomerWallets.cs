namespace AiPlatform.Application.Identity.Contracts;

/// <summary>What people who come by themselves and have proven who they are find in their wallet; the ledger keeps it.</summary>
public interface INewcomerWallets
{
    /// <summary>Gives a person what newcomers are given, once in the life of the person, whatever the number of their accounts.</summary>
    /// <param name="userId">The account.</param>
    /// <param name="person">Names the person; at most 200 characters, and nothing that tells who they are.</param>
    /// <param name="cancellationToken">Gives up before the decision.</param>
    Task WelcomeAsync(Guid userId, string person, CancellationToken cancellationToken);
}
