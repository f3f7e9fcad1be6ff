using AiPlatform.Application.Shared;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Commerce;

/// <summary>Knows who an event is from.</summary>
public interface IPaymentSignatures
{
    /// <summary>Whether events are taken at all: not in Production, as long as nobody could tell who they are from.</summary>
    bool AreServed { get; }

    /// <summary>Whether an event is from the payment gateway, or nobody asks for that here.</summary>
    /// <param name="signature">What the sender says of it.</param>
    /// <param name="body">The event as it was sent.</param>
    bool Accept(string? signature, ReadOnlySpan<byte> body);
}

/// <summary>Lets the events of the call at hand in.</summary>
internal sealed class PaymentEventGate(ICallContext call, IPaymentSignatures signatures)
{
    /// <summary>Why an event is refused; <see langword="null"/> where it is not.</summary>
    public Error? RefusalOf(string? signature) => !signatures.AreServed ? PaymentEventErrors.NotServed
        : signatures.Accept(signature, call.Body.Json.Span) ? null
        : PaymentEventErrors.NotSigned;
}
