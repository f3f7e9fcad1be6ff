namespace AiPlatform.Domain.Commerce;

/// <summary>What an event of the payment gateway is about.</summary>
public enum PaymentSubject
{
    /// <summary>Nothing that the platform knows of.</summary>
    Other = 0,

    /// <summary>A charge of a card.</summary>
    Charge = 1,

    /// <summary>A subscription.</summary>
    Subscription = 2,
}

/// <summary>
/// An event that the payment gateway told, once whatever the number of its deliveries. It says what to look at, not what is so: that
/// the gateway is asked, so that events may arrive late, twice and in any order.
/// </summary>
public sealed class PaymentEvent
{
    /// <summary>Longest id, in characters.</summary>
    public const int MaxIdLength = 255;

    /// <summary>Longest type, in characters.</summary>
    public const int MaxTypeLength = 100;

    /// <summary>How long the call that caused an event may take to write down itself what it caused.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private PaymentEvent()
    {
        Id = Type = string.Empty;
    }

    /// <summary>Writes an event down.</summary>
    /// <param name="id">The gateway's name for it.</param>
    /// <param name="type">What happened, in the gateway's words.</param>
    /// <param name="subject">What it is about.</param>
    /// <param name="reference">The gateway's name for that; <see langword="null"/> where the subject is another one.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="ArgumentException">The subject has no name.</exception>
    public PaymentEvent(string id, string type, PaymentSubject subject, string? reference, DateTimeOffset now)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        if (subject is not PaymentSubject.Other)
        {
            ArgumentException.ThrowIfNullOrEmpty(reference);
        }

        (Id, Type, Subject, Reference, ReceivedAt) = (id, type, subject, reference, now);
    }

    /// <summary>The gateway's name for it.</summary>
    public string Id { get; private set; }

    /// <summary>What happened, in the gateway's words.</summary>
    public string Type { get; private set; }

    /// <summary>What it is about.</summary>
    public PaymentSubject Subject { get; private set; }

    /// <summary>The gateway's name for what it is about.</summary>
    public string? Reference { get; private set; }

    /// <summary>When it arrived first, UTC.</summary>
    public DateTimeOffset ReceivedAt { get; private set; }

    /// <summary>When everything that follows from it was written down, UTC; none while something is open.</summary>
    public DateTimeOffset? SettledAt { get; private set; }

    /// <summary>Whether whoever caused it had the time to write that down.</summary>
    /// <param name="now">The time.</param>
    public bool IsRipe(DateTimeOffset now) => now >= ReceivedAt + Patience;

    /// <summary>Notes that nothing of it is open; a second time changes nothing.</summary>
    /// <param name="now">The time.</param>
    public void Settle(DateTimeOffset now) => SettledAt ??= now;
}
