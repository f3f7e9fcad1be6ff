using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Metering.Contracts;

/// <summary>Why a metered call is refused before it reaches its provider.</summary>
public static class BalanceErrors
{
    /// <summary>The month's credits do not cover the call.</summary>
    public static readonly Error Depleted = new(
        "insufficient_balance",
        ErrorKind.InsufficientFunds,
        "Your API call balance is depleted. Please upgrade your plan for additional calls.")
    {
        Title = "Insufficient Balance",
    };

    /// <summary>The catalogue has no price for the route, and a price is never guessed.</summary>
    public static readonly Error EndpointNotConfigured = new(
        "endpoint_not_configured", ErrorKind.Internal, "Endpoint not configured for balance tracking")
    {
        Title = "Configuration Error",
    };

    /// <summary>An administrator stopped serving the route.</summary>
    public static readonly Error EndpointInactive = new("endpoint_inactive", ErrorKind.Forbidden, "Endpoint is not active");

    /// <summary>What the month grants could not be read; the cause is in the log.</summary>
    public static readonly Error NotInitialized = new(
        "balance_not_initialized", ErrorKind.Internal, "Error processing balance: Failed to initialize balance")
    {
        Title = "Balance Error",
    };

    /// <summary>The ledger could not decide; the cause is in the log.</summary>
    public static readonly Error SystemFailed = new("balance_system_failed", ErrorKind.Internal, "An error occurred")
    {
        Title = "Balance System Error",
    };

    /// <summary>All of them, in check order.</summary>
    public static IReadOnlyList<Error> All { get; } = [EndpointNotConfigured, EndpointInactive, Depleted, NotInitialized, SystemFailed];
}
