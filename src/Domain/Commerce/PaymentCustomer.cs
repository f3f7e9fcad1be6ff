namespace AiPlatform.Domain.Commerce;

/// <summary>The customer of the payment gateway that a person pays for plans as.</summary>
public sealed class PaymentCustomer
{
    private PaymentCustomer()
    {
        Reference = string.Empty;
    }

    /// <summary>Notes whom the gateway knows a person as.</summary>
    /// <param name="userId">The person.</param>
    /// <param name="reference">The gateway's name for the customer.</param>
    /// <param name="now">The time.</param>
    public PaymentCustomer(Guid userId, string reference, DateTimeOffset now)
    {
        ArgumentException.ThrowIfNullOrEmpty(reference);
        (UserId, Reference, CreatedAt) = (userId, reference, now);
    }

    /// <summary>The person.</summary>
    public Guid UserId { get; private set; }

    /// <summary>The gateway's name for the customer; unique.</summary>
    public string Reference { get; private set; }

    /// <summary>
    /// How many payments of the customer were declined. It is part of the gateway's idempotency keys: a payment that was declined can
    /// be tried again, and one whose answer was lost is still asked for as the same one.
    /// </summary>
    public int Declines { get; private set; }

    /// <summary>When the customer was made, UTC.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Notes that a payment was declined.</summary>
    public void Decline() => Declines++;
}
