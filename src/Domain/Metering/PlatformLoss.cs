namespace AiPlatform.Domain.Metering;

/// <summary>What was delivered beyond what a hold paid for. The customer never pays it, so the platform does; append-only.</summary>
public sealed class PlatformLoss
{
    private PlatformLoss()
    {
    }

    /// <summary>Books a loss.</summary>
    /// <param name="hold">The hold that did not cover the call.</param>
    /// <param name="meter">What was lost.</param>
    /// <param name="amount">More than zero, in the meter's smallest unit.</param>
    /// <param name="now">The time of the loss, which also orders the id (UUIDv7).</param>
    public PlatformLoss(Hold hold, Meter meter, long amount, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(amount);
        Id = Guid.CreateVersion7(now);
        HoldId = hold.Id;
        RequestId = hold.RequestId;
        Meter = meter;
        Amount = amount;
        CreatedAt = now;
    }

    /// <summary>UUIDv7.</summary>
    public Guid Id { get; private set; }

    /// <summary>The hold that did not cover the call.</summary>
    public Guid HoldId { get; private set; }

    /// <summary>The call.</summary>
    public Guid RequestId { get; private set; }

    /// <summary>What was lost.</summary>
    public Meter Meter { get; private set; }

    /// <summary>How much, in the meter's smallest unit.</summary>
    public long Amount { get; private set; }

    /// <summary>When, UTC.</summary>
    public DateTimeOffset CreatedAt { get; private set; }
}
