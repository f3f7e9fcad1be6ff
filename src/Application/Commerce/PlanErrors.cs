using AiPlatform.Application.Shared;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Commerce;

/// <summary>What can be refused about plans; the words are those of seed 003.</summary>
public static class PlanErrors
{
    // Longer names than any plan has are not repeated whole.
    private const int MaxRepeated = 50;

    /// <summary>An upgrade is to a plan that costs no more.</summary>
    public static readonly Error NotHigher = new("plan_not_higher", ErrorKind.BadRequest, "New plan must be a higher tier");

    /// <summary>A downgrade is to a plan that costs no less.</summary>
    public static readonly Error NotLower = new("plan_not_lower", ErrorKind.BadRequest, "New plan must be a lower tier");

    /// <summary>There is nothing to cancel.</summary>
    public static readonly Error NoSubscription = new("no_subscription", ErrorKind.BadRequest, "No active subscription found");

    /// <summary>Nobody takes money for plans.</summary>
    public static readonly Error PaymentsNotConfigured = new(
        "payments_not_configured", ErrorKind.Unavailable, "Paid plans cannot be bought here: no payment gateway is configured. Ask your administrator.");

    /// <summary>The payment was declined, or there is nothing to pay with.</summary>
    public static readonly Error NotPaid = new(
        "plan_not_paid", ErrorKind.InsufficientFunds, "Payment failed. The plan was not changed and nothing was charged; try another payment method.");

    /// <summary>The gateway gave no answer that settles the change.</summary>
    public static readonly Error NotConfirmed = new(
        "plan_not_confirmed",
        ErrorKind.BadGateway,
        "The payment gateway has not confirmed the change. Send the request again, which pays nothing twice, or look at the subscription in a few minutes.")
    {
        RetryAfter = TimeSpan.FromSeconds(10),
    };

    /// <summary>There is no such plan.</summary>
    /// <param name="plan">Its name as the client wrote it.</param>
    public static Error NotFound(string plan) =>
        new("plan_not_found", ErrorKind.BadRequest, $"Plan '{AuditText.Cut(plan, MaxRepeated)}' not found");
}
