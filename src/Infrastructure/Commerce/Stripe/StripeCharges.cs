using System.Globalization;
using System.Net;
using AiPlatform.Application.Commerce;
using AiPlatform.Domain.Metering;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Infrastructure.Commerce.Stripe;

/// <summary>Charges cards by Stripe's tokens. Each charge carries its top-up, by which it is found again.</summary>
internal sealed partial class StripeCharges(StripeClient stripe, ILogger<StripeCharges> logger) : ICardPayments
{
    private const string TopUp = "top_up";
    private const string Currency = "usd";
    private const int PageSize = 100;

    /// <summary>Most pages of one look: five thousand charges within the minutes in which one was made.</summary>
    private const int MostPages = 50;

    public bool AreConfigured => true;

    public async Task<ChargeStanding> ChargeAsync(CardOrder order, CancellationToken cancellationToken)
    {
        var form = new StripeForm
        {
            { "amount", order.Cents.ToString(CultureInfo.InvariantCulture) },
            { "currency", Currency },
            { "source", order.Token },
            { "description", "Wallet recharge" },
            { $"metadata[{TopUp}]", order.TopUpId.ToString("D") },
        };
        try
        {
            return StandingOf(await stripe.PostAsync<StripeCharge>("v1/charges", $"top-up-{order.TopUpId:N}", form, cancellationToken));
        }
        catch (StripeRefusedException refusal)
        {
            LogRefused(refusal.IsOfTheKey ? LogLevel.Error : LogLevel.Information, refusal, order.TopUpId);
            return new ChargeStanding(null, order.TopUpId, ChargeOutcome.Failed, 0)
            {
                Failure = refusal.Error.DeclineCode ?? refusal.Error.Code ?? refusal.Error.Type,
            };
        }
    }

    public async Task<ChargeStanding?> FindAsync(Guid topUpId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var path = $"v1/charges?created[gte]={from.ToUnixTimeSeconds()}&created[lte]={to.ToUnixTimeSeconds()}&limit={PageSize}";
        ChargeStanding? found = null;
        string? last = null;
        for (var page = 0; page < MostPages; page++)
        {
            var list = await ListAsync(last is null ? path : $"{path}&starting_after={Uri.EscapeDataString(last)}", cancellationToken);
            foreach (var charge in list.Data.Select(StandingOf).Where(charge => charge.TopUpId == topUpId))
            {
                // A later attempt of the same charge may have failed; what was taken counts.
                if (found is null || charge.Outcome is ChargeOutcome.Succeeded)
                {
                    found = charge;
                }
            }

            if (!list.HasMore || list.Data.Count == 0)
            {
                return found;
            }

            last = list.Data[^1].Id;
        }

        return found ?? throw new PaymentUncertainException("More charges were made at that time than are looked through.");
    }

    public async Task<ChargeStanding?> GetAsync(string chargeId, CancellationToken cancellationToken)
    {
        try
        {
            return StandingOf(await stripe.GetAsync<StripeCharge>($"v1/charges/{Uri.EscapeDataString(chargeId)}", cancellationToken));
        }
        catch (StripeRefusedException refusal) when (refusal.Status is HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (StripeRefusedException refusal)
        {
            throw new PaymentUncertainException("Stripe refuses to show a charge.", refusal);
        }
    }

    private async Task<StripeList<StripeCharge>> ListAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await stripe.GetAsync<StripeList<StripeCharge>>(path, cancellationToken);
        }
        catch (StripeRefusedException refusal)
        {
            throw new PaymentUncertainException("Stripe refuses to list charges.", refusal);
        }
    }

    private static ChargeStanding StandingOf(StripeCharge charge) => new(
        charge.Id,
        charge.Metadata?.GetValueOrDefault(TopUp) is { } text && Guid.TryParseExact(text, "D", out var topUpId) ? topUpId : null,
        charge.Status switch
        {
            "succeeded" when charge.Paid => ChargeOutcome.Succeeded,
            "failed" => ChargeOutcome.Failed,
            _ => ChargeOutcome.Pending,
        },
        charge.Currency == Currency ? charge.Amount * MeterUnits.PerCent : 0)
    {
        Failure = charge.FailureCode,
        Refunded = charge.AmountRefunded * MeterUnits.PerCent,
        IsDisputed = charge.Disputed,
    };

    [LoggerMessage(Message = "The card of top-up {TopUpId} was not charged")]
    private partial void LogRefused(LogLevel level, Exception exception, Guid topUpId);
}
