using System.Text.Json.Serialization;

namespace AiPlatform.Infrastructure.Commerce.Stripe;

/// <summary>The body of a refusal.</summary>
internal sealed record StripeErrorBody(StripeError? Error);

/// <summary>A refusal. Its message is for people and stays where it is.</summary>
internal sealed record StripeError(string? Type, string? Code, string? DeclineCode);

/// <summary>A page of a list.</summary>
internal sealed record StripeList<T>([property: JsonRequired] IReadOnlyList<T> Data, bool HasMore);

/// <summary>A charge of a card.</summary>
internal sealed record StripeCharge(
    [property: JsonRequired] string Id, [property: JsonRequired] string Status, bool Paid, long Amount, string? Currency)
{
    public long AmountRefunded { get; init; }

    public bool Disputed { get; init; }

    public string? FailureCode { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}

/// <summary>Something of which the name alone is read.</summary>
internal sealed record StripeNamed([property: JsonRequired] string Id);

/// <summary>A way to pay.</summary>
internal sealed record StripePaymentMethod([property: JsonRequired] string Id, string? Customer);

/// <summary>A subscription.</summary>
internal sealed record StripeSubscription(
    [property: JsonRequired] string Id,
    [property: JsonRequired] string Status,
    bool CancelAtPeriodEnd,
    [property: JsonRequired] StripeList<StripeSubscriptionItem> Items)
{
    /// <summary>The newest invoice, where it was asked for with the subscription.</summary>
    public StripeInvoice? LatestInvoice { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}

/// <summary>What a subscription is for, and its current period; seconds since 1970.</summary>
internal sealed record StripeSubscriptionItem([property: JsonRequired] string Id, long CurrentPeriodStart, long CurrentPeriodEnd);

/// <summary>An invoice.</summary>
internal sealed record StripeInvoice(string? Status)
{
    public StripeList<StripeInvoiceLine>? Lines { get; init; }
}

/// <summary>A line of an invoice, with the period that it pays.</summary>
internal sealed record StripeInvoiceLine(StripeLinePeriod? Period);

/// <summary>A period; seconds since 1970.</summary>
internal sealed record StripeLinePeriod(long Start, long End);
