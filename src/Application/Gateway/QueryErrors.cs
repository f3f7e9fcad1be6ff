using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Gateway;

/// <summary>Why a query that leaves the choice of its model to the platform is not answered.</summary>
public static class QueryErrors
{
    /// <summary>The wallet is empty.</summary>
    public static readonly Error WalletEmpty = new("wallet_empty", ErrorKind.InsufficientFunds, "Insufficient balance");

    /// <summary>The provider of the chosen model failed, or no model can be asked.</summary>
    /// <param name="retryAfter">When to come back, where a provider said so.</param>
    public static Error ProviderFailed(TimeSpan? retryAfter) =>
        new("query_provider_failed", ErrorKind.BadGateway, "Model provider error") { RetryAfter = retryAfter };
}
