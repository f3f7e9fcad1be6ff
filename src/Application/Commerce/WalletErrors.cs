using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Commerce;

/// <summary>What is refused because of the caller's wallet; the words are those of seed 001's surface.</summary>
public static class WalletErrors
{
    /// <summary>Nothing was ever paid into the caller's wallet.</summary>
    public static readonly Error NotFound = new("wallet_not_found", ErrorKind.BadRequest, "Wallet not found");

    /// <summary>The wallet has less than the purchase costs.</summary>
    public static readonly Error InsufficientBalance =
        new("wallet_insufficient", ErrorKind.BadRequest, "Insufficient balance in wallet");

    /// <summary>There is nothing in the wallet that calls with the key could be paid from.</summary>
    public static readonly Error NothingToSpend =
        new("wallet_empty", ErrorKind.InsufficientFunds, "Insufficient wallet balance to activate the API key");
}
