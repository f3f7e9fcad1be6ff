using AiPlatform.Domain.Commerce;

namespace AiPlatform.Infrastructure.Commerce.Stripe;

/// <summary>
/// Knows which period of a subscription was paid. Stripe moves on to the next one before it is: what counts is its invoice.
/// </summary>
internal sealed class StripePeriods(StripeClient stripe)
{
    private const string Paid = "paid";

    /// <summary>The last period that was paid; <see langword="null"/> where none was, or the subscription has ended.</summary>
    public async Task<PaidPeriod?> LastPaidAsync(StripeSubscription subscription, CancellationToken cancellationToken)
    {
        if (subscription.Status is "canceled" or "incomplete" or "incomplete_expired" || subscription.Items.Data.Count == 0)
        {
            return null;
        }

        if (subscription.LatestInvoice?.Status == Paid)
        {
            return PeriodOf(subscription.Items.Data[0].CurrentPeriodStart, subscription.Items.Data[0].CurrentPeriodEnd);
        }

        var invoices = await stripe.GetAsync<StripeList<StripeInvoice>>(
            $"v1/invoices?subscription={Uri.EscapeDataString(subscription.Id)}&status={Paid}&limit=1", cancellationToken);
        var latest = invoices.Data.SelectMany(invoice => invoice.Lines?.Data ?? []).Select(line => line.Period).OfType<StripeLinePeriod>().MaxBy(line => line.End);
        return latest is null ? null : PeriodOf(latest.Start, latest.End);
    }

    private static PaidPeriod? PeriodOf(long start, long end) => end <= start || start < 0 || end > DateTimeOffset.MaxValue.ToUnixTimeSeconds()
        ? null
        : new PaidPeriod(DateTimeOffset.FromUnixTimeSeconds(start), DateTimeOffset.FromUnixTimeSeconds(end));
}
