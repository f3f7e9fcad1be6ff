using System.Globalization;
using AiPlatform.Domain.Metering;

namespace AiPlatform.Infrastructure.Commerce.Stripe;

/// <summary>What plans cost at Stripe. A price there never changes, so each price of a plan is one of its own, found by its name.</summary>
internal sealed class StripePrices(StripeClient stripe)
{
    /// <summary>The price of a plan, made where there is none yet.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="price">Nano-USD a month.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Stripe's name for it.</returns>
    public async Task<string> GetAsync(string plan, long price, CancellationToken cancellationToken)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"aiplatform_{plan}_{price}");
        var known = await stripe.GetAsync<StripeList<StripeNamed>>(
            $"v1/prices?active=true&limit=1&lookup_keys[0]={Uri.EscapeDataString(name)}", cancellationToken);
        if (known.Data.Count > 0)
        {
            return known.Data[0].Id;
        }

        var form = new StripeForm
        {
            { "currency", "usd" },
            { "unit_amount_decimal", (price / (decimal)MeterUnits.PerCent).ToString("0.#######", CultureInfo.InvariantCulture) },
            { "recurring[interval]", "month" },
            { "product_data[name]", $"AiPlatform {plan}" },
            { "lookup_key", name },
            { "transfer_lookup_key", "true" },
        };
        return (await stripe.PostAsync<StripeNamed>("v1/prices", $"price-{name}", form, cancellationToken)).Id;
    }
}
