namespace AiPlatform.Application.Metering.Contracts;

/// <summary>Looks into wallets. What is decided over money is decided by <see cref="ILedger"/>, under its locks.</summary>
public interface IWallets
{
    /// <summary>How a person's wallet stands; <see langword="null"/> where nothing was ever paid into it.</summary>
    /// <param name="userId">The person.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<AccountBalance?> FindAsync(Guid userId, CancellationToken cancellationToken);

    /// <summary>How a person's wallet stands; nothing in it where there is none yet.</summary>
    /// <param name="userId">The person.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<AccountBalance> OfAsync(Guid userId, CancellationToken cancellationToken);
}
