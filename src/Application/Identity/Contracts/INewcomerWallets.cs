namespace AiPlatform.Application.Identity.Contracts;

/// <summary>What people who come by themselves and have proven who they are find in their wallet; the ledger keeps it.</summary>
public interface INewcomerWallets
{
    /// <summary>Opens a person's wallet with what newcomers are given. Whoever has a wallet is given nothing.</summary>
    /// <param name="userId">The person.</param>
    /// <param name="cancellationToken">Gives up before the decision.</param>
    Task OpenAsync(Guid userId, CancellationToken cancellationToken);
}
