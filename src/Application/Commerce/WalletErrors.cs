using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Commerce;

/// <summary>What is refused because of a wallet, or of what is paid into it; the documented words are those of the surface of seed 001.</summary>
public static class WalletErrors
{
    /// <summary>There is nothing to charge.</summary>
    public static readonly Error TokenMissing = new("payment_token_missing", ErrorKind.BadRequest, "Payment token is missing");

    /// <summary>The card was not charged. What the gateway said of it stays here.</summary>
    public static readonly Error PaymentFailed = new("payment_failed", ErrorKind.BadRequest, "Payment failed");

    /// <summary>Nobody charges cards.</summary>
    public static readonly Error NotConfigured = new("payments_not_configured", ErrorKind.Unavailable, "Payments are not configured");

    /// <summary>The gateway gave no answer that settles the payment.</summary>
    public static readonly Error NotConfirmed = new(
        "payment_not_confirmed",
        ErrorKind.BadGateway,
        "The payment is not confirmed yet. Do not pay again: the card is charged once at most, and the wallet is credited as soon as the charge is "
        + "confirmed. Look at the wallet balance later, or send this request again with the same Idempotency-Key.")
    {
        RetryAfter = TimeSpan.FromSeconds(10),
    };

    /// <summary>Nothing was ever paid into the caller's wallet.</summary>
    public static readonly Error NotFound = new("wallet_not_found", ErrorKind.BadRequest, "Wallet not found");

    /// <summary>The wallet has less than the purchase costs.</summary>
    public static readonly Error InsufficientBalance =
        new("wallet_insufficient", ErrorKind.BadRequest, "Insufficient balance in wallet");

    /// <summary>There is nothing in the wallet that calls with the key could be paid from.</summary>
    public static readonly Error NothingToSpend =
        new("wallet_empty", ErrorKind.InsufficientFunds, "Insufficient wallet balance to activate the API key");
}
