using AiPlatform.Application.Commerce;
using AiPlatform.Domain.Commerce;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Commerce.Stripe;

/// <summary>Whom Stripe knows people as, and what they pay with.</summary>
internal sealed class StripeCustomers(StripeClient stripe, ICommerceDb db, TimeProvider time)
{
    /// <summary>The customer of a person, made where there is none yet.</summary>
    public async Task<PaymentCustomer> GetAsync(Guid userId, string email, CancellationToken cancellationToken)
    {
        if (await FindAsync(userId, cancellationToken) is { } known)
        {
            return known;
        }

        var form = new StripeForm { { "email", email }, { "metadata[user]", userId.ToString("D") } };
        var made = await stripe.PostAsync<StripeNamed>("v1/customers", $"customer-{userId:N}", form, cancellationToken);
        var customer = new PaymentCustomer(userId, made.Id, time.GetUtcNow());
        db.PaymentCustomers.Add(customer);
        try
        {
            await db.SaveChangesAsync(CancellationToken.None);
            return customer;
        }
        catch (DbUpdateException)
        {
            // Another call of the same person was first; Stripe made one customer for both.
            db.PaymentCustomers.Entry(customer).State = EntityState.Detached;
            return await FindAsync(userId, cancellationToken) ?? throw new PaymentUncertainException("The customer could not be written down.");
        }
    }

    /// <summary>Has a customer pay with a method from now on.</summary>
    public async Task PayWithAsync(PaymentCustomer customer, string methodId, CancellationToken cancellationToken)
    {
        var path = $"v1/payment_methods/{Uri.EscapeDataString(methodId)}";
        var method = await stripe.GetAsync<StripePaymentMethod>(path, cancellationToken);
        if (method.Customer != customer.Reference)
        {
            // Stripe makes a method of its own of one that is for everybody's tests.
            method = await stripe.PostAsync<StripePaymentMethod>(
                $"{path}/attach", null, new StripeForm { { "customer", customer.Reference } }, cancellationToken);
        }

        await stripe.PostAsync<StripeNamed>(
            $"v1/customers/{Uri.EscapeDataString(customer.Reference)}",
            null,
            new StripeForm { { "invoice_settings[default_payment_method]", method.Id } },
            cancellationToken);
    }

    /// <summary>Notes that a payment was declined, so that the next attempt is another one.</summary>
    public async Task DeclineAsync(PaymentCustomer customer, CancellationToken cancellationToken)
    {
        customer.Decline();
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Another call has noted it: the next attempt is another one all the same.
            db.PaymentCustomers.Entry(customer).State = EntityState.Detached;
        }
    }

    private Task<PaymentCustomer?> FindAsync(Guid userId, CancellationToken cancellationToken) =>
        db.PaymentCustomers.FirstOrDefaultAsync(row => row.UserId == userId, cancellationToken);
}
