namespace AiPlatform.Application.Metering;

/// <summary>What wallets begin with.</summary>
public interface IWalletPolicy
{
    /// <summary>What the wallet of a newcomer holds, in nano-USD.</summary>
    long NewcomerBalance { get; }
}
