using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Commerce;

/// <summary>Why an event is not taken in.</summary>
public static class PaymentEventErrors
{
    /// <summary>Nobody could tell who it is from.</summary>
    public static readonly Error NotServed = new("events_not_served", ErrorKind.NotFound, "Not found");

    /// <summary>It is not signed, not signed lately, or not by the payment gateway.</summary>
    public static readonly Error NotSigned = new("event_not_signed", ErrorKind.BadRequest, "Invalid signature");

    /// <summary>What follows from it could not be found out now.</summary>
    public static readonly Error NotProcessed = new("event_not_processed", ErrorKind.Internal, "Error processing webhook");
}
