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

    /// <summary>The wallet does not cover the call.</summary>
    public static readonly Error WalletTooLow = new(
        "wallet_too_low",
        ErrorKind.InsufficientFunds,
        "Your wallet does not cover this call. Add funds, or ask for a shorter answer.")
    {
        Title = "Insufficient Wallet Balance",
    };

    /// <summary>All of them, in check order.</summary>
    public static IReadOnlyList<Error> All =>
    [
        EndpointNotConfigured,
        EndpointInactive,
        ModelNotPriced("<model>"),
        BudgetReached("<owner>", "<amount>", "<time>"),
        TokensUsedUp("<owner>", "<amount>", "<time>"),
        ConversationsUsedUp("<owner>", "<amount>", "<time>"),
        TooManyRequests("<owner>", "<amount>"),
        TooManyTokens("<owner>", "<amount>"),
        LongerThanAMinuteAllows("<owner>", "<amount>"),
        WalletTooLow,
        Depleted,
        NotInitialized,
        SystemFailed,
    ];

    /// <summary>An account of money is touched, and nobody knows what the model costs; a price is never guessed.</summary>
    /// <param name="model">The model.</param>
    public static Error ModelNotPriced(string model) => new(
        "model_not_priced",
        ErrorKind.BadRequest,
        $"Model {model} has no price, so that it cannot be paid from a budget or a wallet. Use another model, or ask an administrator to set its price");

    /// <summary>A budget of money does not cover the call.</summary>
    /// <param name="owner">Whose it is: API key or team.</param>
    /// <param name="amount">US dollars a month.</param>
    /// <param name="renews">When the next period starts.</param>
    public static Error BudgetReached(string owner, string amount, string renews) => new(
        "budget_reached",
        ErrorKind.InsufficientFunds,
        $"What is left of the budget of this {owner} does not cover this call. It is {amount} USD a month and renews at {renews}.")
    {
        Title = "Budget Reached",
    };

    /// <summary>A month's tokens do not cover the call.</summary>
    /// <param name="owner">Whose they are: API key, account or team.</param>
    /// <param name="amount">Tokens a month.</param>
    /// <param name="renews">When the next period starts.</param>
    public static Error TokensUsedUp(string owner, string amount, string renews) => new(
        "tokens_used_up",
        ErrorKind.InsufficientFunds,
        $"What is left of the tokens of this {owner} does not cover this call. There are {amount} tokens a month; they renew at {renews}.")
    {
        Title = "Token Limit Reached",
    };

    /// <summary>A day's conversations are used up.</summary>
    /// <param name="owner">Whose they are: API key, account or team.</param>
    /// <param name="amount">Conversations a day.</param>
    /// <param name="renews">When the next period starts.</param>
    public static Error ConversationsUsedUp(string owner, string amount, string renews) => new(
        "conversations_used_up",
        ErrorKind.InsufficientFunds,
        $"The conversations of this {owner} are used up. There are {amount} a day; they renew at {renews}.")
    {
        Title = "Conversation Limit Reached",
    };

    /// <summary>A minute's requests are used up.</summary>
    /// <param name="owner">Whose they are: API key, account or team.</param>
    /// <param name="amount">Requests a minute.</param>
    public static Error TooManyRequests(string owner, string amount) => new(
        "requests_per_minute",
        ErrorKind.TooManyRequests,
        $"This {owner} may make {amount} requests a minute. Try again when the minute is over.")
    {
        RetryAfter = TimeSpan.FromMinutes(1),
    };

    /// <summary>A minute's tokens do not cover the call.</summary>
    /// <param name="owner">Whose they are: API key, account or team.</param>
    /// <param name="amount">Tokens a minute.</param>
    public static Error TooManyTokens(string owner, string amount) => new(
        "tokens_per_minute",
        ErrorKind.TooManyRequests,
        $"This {owner} may use {amount} tokens a minute. Try again when the minute is over.")
    {
        RetryAfter = TimeSpan.FromMinutes(1),
    };

    /// <summary>The call may take more tokens than any minute has.</summary>
    /// <param name="owner">Whose they are: API key, account or team.</param>
    /// <param name="amount">Tokens a minute.</param>
    public static Error LongerThanAMinuteAllows(string owner, string amount) => new(
        "longer_than_a_minute",
        ErrorKind.TooManyRequests,
        $"This {owner} may use {amount} tokens a minute, and the prompt alone can take more. Send a shorter prompt.");
}
