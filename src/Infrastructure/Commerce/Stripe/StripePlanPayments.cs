using System.Net;
using AiPlatform.Application.Commerce;
using AiPlatform.Domain.Commerce;
using AiPlatform.Domain.Shared;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Infrastructure.Commerce.Stripe;

/// <summary>
/// Has plans paid by Stripe's subscriptions. An order is carried out once: within a day by its idempotency key, and after that because
/// the subscription carries the order that it was last changed by.
/// </summary>
internal sealed partial class StripePlanPayments(
    StripeClient stripe, StripeCustomers customers, StripePrices prices, StripePeriods periods, ILogger<StripePlanPayments> logger) : IPlanPayments
{
    private const string User = "user";
    private const string Plan = "plan";
    private const string Order = "order";

    public bool AreConfigured => true;

    public Task<PlanPayment> StartAsync(PlanOrder order, CancellationToken cancellationToken) =>
        PayAsync(order, customer => StartAsync(order, customer, cancellationToken), cancellationToken);

    public Task<PlanPayment> UpgradeAsync(string reference, PlanOrder order, CancellationToken cancellationToken) =>
        PayAsync(order, customer => UpgradeAsync(reference, order, customer, cancellationToken), cancellationToken);

    public Task DowngradeAsync(string reference, PlanOrder order, CancellationToken cancellationToken) => ChangeAsync(reference, async () =>
    {
        var form = FormOf(order)
            .With("items[0][id]", ItemOf(await GetAsync(reference, cancellationToken)))
            .With("items[0][price]", await prices.GetAsync(order.PlanName, order.Price, cancellationToken))
            .With("proration_behavior", "none")
            .With("cancel_at_period_end", "false");
        await stripe.PostAsync<StripeNamed>(PathOf(reference), null, form, cancellationToken);
    });

    public Task CancelAsync(string reference, CancellationToken cancellationToken) => ChangeAsync(
        reference,
        () => stripe.PostAsync<StripeNamed>(
            PathOf(reference), null, new StripeForm { { "cancel_at_period_end", "true" } }, cancellationToken));

    public async Task<GatewaySubscription?> FindAsync(string reference, CancellationToken cancellationToken)
    {
        try
        {
            var found = await GetAsync(reference, cancellationToken);
            var userId = Guid.TryParseExact(found.Metadata?.GetValueOrDefault(User), "D", out var id) ? id : (Guid?)null;
            return new GatewaySubscription(
                found.Id,
                userId,
                found.Metadata?.GetValueOrDefault(Plan),
                await periods.LastPaidAsync(found, cancellationToken),
                found.CancelAtPeriodEnd);
        }
        catch (StripeRefusedException refusal) when (refusal.Status is HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (StripeRefusedException refusal)
        {
            throw new PaymentUncertainException("Stripe refuses to show a subscription.", refusal);
        }
    }

    private async Task<PlanPayment> StartAsync(PlanOrder order, PaymentCustomer customer, CancellationToken cancellationToken)
    {
        var begun = await stripe.GetAsync<StripeList<StripeSubscription>>(
            $"v1/subscriptions?customer={Uri.EscapeDataString(customer.Reference)}&limit=100&expand[0]=data.latest_invoice", cancellationToken);
        if (begun.Data.FirstOrDefault(subscription => IsOf(order, subscription)) is { } earlier)
        {
            return await PaymentOfAsync(earlier, cancellationToken);
        }

        var form = FormOf(order)
            .With("customer", customer.Reference)
            .With("items[0][price]", await prices.GetAsync(order.PlanName, order.Price, cancellationToken))
            .With("payment_behavior", "error_if_incomplete")
            .With("expand[0]", "latest_invoice");
        return await PaymentOfAsync(
            await stripe.PostAsync<StripeSubscription>("v1/subscriptions", KeyOf("start", order, customer), form, cancellationToken), cancellationToken);
    }

    private async Task<PlanPayment> UpgradeAsync(
        string reference, PlanOrder order, PaymentCustomer customer, CancellationToken cancellationToken)
    {
        var current = await GetAsync(reference, cancellationToken);
        if (IsOf(order, current))
        {
            return await PaymentOfAsync(current, cancellationToken);
        }

        var form = FormOf(order)
            .With("items[0][id]", ItemOf(current))
            .With("items[0][price]", await prices.GetAsync(order.PlanName, order.Price, cancellationToken))
            .With("proration_behavior", "always_invoice")
            .With("payment_behavior", "error_if_incomplete")
            .With("cancel_at_period_end", "false")
            .With("expand[0]", "latest_invoice");
        return await PaymentOfAsync(
            await stripe.PostAsync<StripeSubscription>(PathOf(reference), KeyOf("upgrade", order, customer), form, cancellationToken), cancellationToken);
    }

    private async Task<PlanPayment> PayAsync(
        PlanOrder order, Func<PaymentCustomer, Task<PlanPayment>> pay, CancellationToken cancellationToken)
    {
        PaymentCustomer? customer = null;
        try
        {
            customer = await customers.GetAsync(order.UserId, order.Email, cancellationToken);
            if (order.PaymentMethodId is { } method)
            {
                await customers.PayWithAsync(customer, method, cancellationToken);
            }

            return await pay(customer);
        }
        catch (StripeRefusedException refusal)
        {
            LogRefused(refusal.IsOfTheKey ? LogLevel.Error : LogLevel.Information, refusal, order.UserId);
            if (customer is not null)
            {
                await customers.DeclineAsync(customer, CancellationToken.None);
            }

            throw new RefusedException(PlanErrors.NotPaid, refusal);
        }
        catch (PaymentUncertainException unknown)
        {
            throw new RefusedException(PlanErrors.NotConfirmed, unknown);
        }
    }

    /// <summary>Makes a change that costs nothing, and that may be made twice.</summary>
    private async Task ChangeAsync(string reference, Func<Task> change)
    {
        try
        {
            await change();
        }
        catch (Exception failure) when (failure is StripeRefusedException or PaymentUncertainException)
        {
            LogNotChanged(failure, reference);
            throw new RefusedException(PlanErrors.NotConfirmed, failure);
        }
    }

    private Task<StripeSubscription> GetAsync(string reference, CancellationToken cancellationToken) =>
        stripe.GetAsync<StripeSubscription>($"{PathOf(reference)}?expand[0]=latest_invoice", cancellationToken);

    private async Task<PlanPayment> PaymentOfAsync(StripeSubscription subscription, CancellationToken cancellationToken) => new(
        subscription.Id,
        await periods.LastPaidAsync(subscription, cancellationToken)
            ?? throw new PaymentUncertainException($"Stripe's subscription {subscription.Id} is {subscription.Status}, and nothing of it is paid."));

    private static string ItemOf(StripeSubscription subscription) => subscription.Items.Data is [var only, ..]
        ? only.Id
        : throw new PaymentUncertainException($"Stripe's subscription {subscription.Id} is for nothing.");

    private static bool IsOf(PlanOrder order, StripeSubscription subscription) =>
        subscription.Metadata?.GetValueOrDefault(Order) == order.IdempotencyKey;

    private static StripeForm FormOf(PlanOrder order) => new()
    {
        { $"metadata[{User}]", order.UserId.ToString("D") },
        { $"metadata[{Plan}]", order.PlanName },
        { $"metadata[{Order}]", order.IdempotencyKey },
    };

    // Stripe answers a declined payment as it did first as long as its key is the same.
    private static string KeyOf(string what, PlanOrder order, PaymentCustomer customer) => $"{what}-{order.IdempotencyKey}-{customer.Declines}";

    private static string PathOf(string reference) => $"v1/subscriptions/{Uri.EscapeDataString(reference)}";

    [LoggerMessage(Message = "A plan of user {UserId} was not paid")]
    private partial void LogRefused(LogLevel level, Exception exception, Guid userId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Subscription {Reference} could not be changed")]
    private partial void LogNotChanged(Exception exception, string reference);
}
