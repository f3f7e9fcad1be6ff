using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Commerce;
using AiPlatform.Domain.Shared;
using MediatR;

namespace AiPlatform.Application.Commerce;

/// <summary>Takes an event of Stripe's in. It says what to look at; what is so is asked of Stripe.</summary>
[AllowAnonymousCaller("Stripe signs its events")]
[OmitBodiesFromAudit]
[Refuses(typeof(PaymentEventErrors), nameof(PaymentEventErrors.NotProcessed))]
public sealed record ReceivePaymentEventCommand : IRequest<PaymentReceipt>
{
    /// <summary>Stripe's name for the event.</summary>
    /// <example>evt_1NG8Du2eZvKYlo2CUI79vXWy</example>
    [MaxLength(PaymentEvent.MaxIdLength)]
    public Supplied<string> Id { get; init; }

    /// <summary>What happened.</summary>
    /// <example>invoice.payment_succeeded</example>
    [Required]
    [MaxLength(PaymentEvent.MaxTypeLength)]
    public Supplied<string> Type { get; init; }

    /// <summary>What it happened to.</summary>
    public Supplied<PaymentEventData> Data { get; init; }

    /// <summary>The header <c>Stripe-Signature</c>.</summary>
    [JsonIgnore]
    public string? Signature { get; init; }

    internal PaymentEventObject About => Data.Or(new PaymentEventData()).About.Or(new PaymentEventObject());
}

/// <summary>What an event is about.</summary>
public sealed record PaymentEventData
{
    /// <summary>The charge, subscription or invoice, as it was then.</summary>
    [JsonPropertyName("object")]
    public Supplied<PaymentEventObject> About { get; init; }
}

/// <summary>A charge, a subscription, or what belongs to one: the names that lead there are all that is read of it.</summary>
public sealed record PaymentEventObject
{
    /// <summary>Stripe's name for it.</summary>
    /// <example>in_1NG8Du2eZvKYlo2CUI79vXWy</example>
    public Supplied<string> Id { get; init; }

    /// <summary>The charge that a refund or a dispute belongs to.</summary>
    public Supplied<string> Charge { get; init; }

    /// <summary>The charge of a payment.</summary>
    public Supplied<string> LatestCharge { get; init; }

    /// <summary>The subscription of an invoice, before Stripe's version 2025-03-31.</summary>
    public Supplied<string> Subscription { get; init; }

    /// <summary>What an invoice was made for, since Stripe's version 2025-03-31.</summary>
    public Supplied<PaymentEventParent> Parent { get; init; }
}

/// <summary>What an invoice was made for.</summary>
public sealed record PaymentEventParent
{
    /// <summary>The subscription.</summary>
    public Supplied<PaymentEventSubscription> SubscriptionDetails { get; init; }
}

/// <summary>The subscription that an invoice was made for.</summary>
public sealed record PaymentEventSubscription
{
    /// <summary>Stripe's name for it.</summary>
    public Supplied<string> Subscription { get; init; }
}

/// <summary>An event was taken in.</summary>
/// <param name="Received">Always <see langword="true"/>.</param>
public sealed record PaymentReceipt(bool Received);

internal sealed class ReceivePaymentEventValidator : OrderedValidator<ReceivePaymentEventCommand>
{
    public ReceivePaymentEventValidator()
    {
        Ask<PaymentEventGate>(
            (command, gate, _) => Task.FromResult(gate.RefusalOf(command.Signature)), PaymentEventErrors.NotServed, PaymentEventErrors.NotSigned);
        Require(
            command => command.Type.IsGiven && command.Type.Value.Length is > 0 and <= PaymentEvent.MaxTypeLength,
            RequestErrors.Unprocessable("type", $"the type of an event of at most {PaymentEvent.MaxTypeLength} characters"));
        Require(
            command => command.Id.IsAbsentOr(id => id.Length is > 0 and <= PaymentEvent.MaxIdLength),
            RequestErrors.Unprocessable("id", $"the name of an event of at most {PaymentEvent.MaxIdLength} characters"));
    }
}

internal sealed class ReceivePaymentEventHandler(PaymentEvents events, ICallContext call, TimeProvider time)
    : IRequestHandler<ReceivePaymentEventCommand, PaymentReceipt>
{
    public async Task<PaymentReceipt> Handle(ReceivePaymentEventCommand command, CancellationToken cancellationToken)
    {
        var (subject, reference) = SubjectOf(command.Type.Value, command.About);
        var id = command.Id.IsGiven ? command.Id.Value : $"sha256-{Convert.ToHexStringLower(SHA256.HashData(call.Body.Json.Span))}";
        var told = await events.KeepAsync(new PaymentEvent(id, command.Type.Value, subject, reference, time.GetUtcNow()), cancellationToken);
        try
        {
            await events.TrySettleAsync(told, cancellationToken);
        }
        catch (PaymentUncertainException unknown)
        {
            // Stripe delivers it again, and the reconciliation takes it up before that.
            throw new RefusedException(PaymentEventErrors.NotProcessed, unknown);
        }

        return new PaymentReceipt(true);
    }

    private static (PaymentSubject Subject, string? Reference) SubjectOf(string type, PaymentEventObject about)
    {
        var (subject, name) = type.Split('.')[0] switch
        {
            "charge" => (PaymentSubject.Charge, about.Charge.IsGiven ? about.Charge : about.Id),
            "payment_intent" => (PaymentSubject.Charge, about.LatestCharge),
            "customer" when type.StartsWith("customer.subscription.", StringComparison.Ordinal) => (PaymentSubject.Subscription, about.Id),
            "invoice" => (PaymentSubject.Subscription, about.Subscription.IsGiven ? about.Subscription : SubscriptionOf(about)),
            _ => (PaymentSubject.Other, default),
        };
        return IsName(name) ? (subject, name.Value) : (PaymentSubject.Other, null);
    }

    private static Supplied<string> SubscriptionOf(PaymentEventObject about) => about.Parent.Or(new PaymentEventParent())
        .SubscriptionDetails.Or(new PaymentEventSubscription()).Subscription;

    private static bool IsName(Supplied<string> text) => text.IsGiven && text.Value.Length is > 0 and <= Subscription.MaxReferenceLength
        && text.Value.All(character => char.IsAsciiLetterOrDigit(character) || character is '_');
}
