using AiPlatform.Domain.Commerce;

namespace AiPlatform.Application.Commerce;

/// <summary>Who pays for what.</summary>
/// <param name="UserId">The person.</param>
/// <param name="Email">The person's address.</param>
/// <param name="PlanName">The plan.</param>
/// <param name="Price">Nano-USD a month.</param>
/// <param name="PaymentMethodId">The gateway's name for what pays; <see langword="null"/> for what the person paid with before.</param>
/// <param name="IdempotencyKey">
/// Names the order: the gateway carries it out once, so that an answer that was lost is asked for again without paying twice.
/// </param>
public sealed record PlanOrder(Guid UserId, string Email, string PlanName, long Price, string? PaymentMethodId, string IdempotencyKey);

/// <summary>A plan that was paid for.</summary>
/// <param name="Reference">The gateway's name for the subscription.</param>
/// <param name="Period">The period that was paid.</param>
public sealed record PlanPayment(string Reference, PaidPeriod Period);

/// <summary>A subscription as the gateway has it now.</summary>
/// <param name="Reference">The gateway's name for it.</param>
/// <param name="UserId">The person; <see langword="null"/> where it was made elsewhere.</param>
/// <param name="PlanName">The plan that the next period is paid for.</param>
/// <param name="Period">The last period that was paid; <see langword="null"/> where none was, or the gateway has ended it.</param>
/// <param name="EndsWithPeriod">Whether no period follows.</param>
public sealed record GatewaySubscription(string Reference, Guid? UserId, string? PlanName, PaidPeriod? Period, bool EndsWithPeriod);

/// <summary>Takes the money for plans, month after month.</summary>
public interface IPlanPayments
{
    /// <summary>Whether there is a payment gateway.</summary>
    bool AreConfigured { get; }

    /// <summary>Takes the first payment and begins a subscription.</summary>
    /// <param name="order">What is paid for.</param>
    /// <param name="cancellationToken">Gives up waiting; the payment may have been taken.</param>
    /// <exception cref="Domain.Shared.RefusedException">It was not paid, or whether it was is not known.</exception>
    Task<PlanPayment> StartAsync(PlanOrder order, CancellationToken cancellationToken);

    /// <summary>Takes the difference to a higher plan, at once.</summary>
    /// <param name="reference">The subscription.</param>
    /// <param name="order">What is paid for.</param>
    /// <param name="cancellationToken">Gives up waiting; the payment may have been taken.</param>
    /// <exception cref="Domain.Shared.RefusedException">It was not paid, or whether it was is not known.</exception>
    Task<PlanPayment> UpgradeAsync(string reference, PlanOrder order, CancellationToken cancellationToken);

    /// <summary>Has the next period cost what a lower plan costs.</summary>
    /// <param name="reference">The subscription.</param>
    /// <param name="order">What is paid for from then on.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task DowngradeAsync(string reference, PlanOrder order, CancellationToken cancellationToken);

    /// <summary>Has no period follow the one that is paid.</summary>
    /// <param name="reference">The subscription.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task CancelAsync(string reference, CancellationToken cancellationToken);

    /// <summary>Looks at a subscription; <see langword="null"/> where there is none.</summary>
    /// <param name="reference">The subscription.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="PaymentUncertainException">The gateway cannot be asked.</exception>
    Task<GatewaySubscription?> FindAsync(string reference, CancellationToken cancellationToken);
}
