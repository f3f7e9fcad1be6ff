using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Commerce;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Commerce;

/// <summary>
/// Looks after subscriptions that nobody asks for: those whose period is over go on or end as the gateway says, and tokens that
/// a process did not live to give are given.
/// </summary>
public interface ISubscriptionRenewal
{
    /// <summary>Looks at every one that is due. Any number of processes may do so at once.</summary>
    /// <param name="cancellationToken">Stops between two subscriptions.</param>
    /// <returns>How many were looked at.</returns>
    /// <exception cref="PaymentUncertainException">The gateway could not be asked for one of them; the others were looked at.</exception>
    Task<int> RenewDueAsync(CancellationToken cancellationToken);
}

internal sealed class SubscriptionRenewal(ICommerceDb db, IPlanPayments payments, ITokenGrants tokens, IReadCache cache, TimeProvider time)
    : ISubscriptionRenewal
{
    /// <summary>Most subscriptions of one look; the rest is due at the next.</summary>
    private const int Most = 500;

    public async Task<int> RenewDueAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var due = await db.Subscriptions
            .Where(row => row.EndedAt == null && (row.PeriodEnd <= now || !row.TokensGiven))
            .OrderBy(row => row.PeriodEnd)
            .Take(Most)
            .ToListAsync(cancellationToken);
        PaymentUncertainException? unknown = null;
        foreach (var subscription in due)
        {
            if (subscription.PeriodEnd <= now)
            {
                unknown = await TryRenewAsync(subscription, now, cancellationToken) ?? unknown;
            }
            else
            {
                var order = new AccountOrder(Guid.CreateVersion7(now), subscription.UserId, "the plan was changed");
                // What is kept here may be from before the change, and tokens are given once.
                cache.Forget();
                await tokens.GrantPlanAsync(subscription.UserId, order, cancellationToken);
                subscription.GiveTokens();
            }

            await TrySaveAsync(subscription, cancellationToken);
        }

        return unknown is null ? due.Count : throw new PaymentUncertainException("The gateway could not be asked for every subscription.", unknown);
    }

    /// <summary>Renews or ends a subscription. Where the gateway cannot be asked it goes on for its grace, and the others are looked at.</summary>
    private async Task<PaymentUncertainException?> TryRenewAsync(
        Subscription subscription, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            await RenewAsync(subscription, now, cancellationToken);
            return null;
        }
        catch (PaymentUncertainException unknown)
        {
            return unknown;
        }
    }

    private async Task RenewAsync(Subscription subscription, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var isOverdue = now >= subscription.PeriodEnd + Subscription.Grace;
        if (subscription.EndsWithPeriod || (!payments.AreConfigured && isOverdue))
        {
            subscription.End(now);
        }
        else if (payments.AreConfigured)
        {
            var paid = (await payments.FindAsync(subscription.Reference, cancellationToken))?.Period;
            if (paid is { } period && period.End > subscription.PeriodEnd)
            {
                subscription.Renew(period);
            }
            else if (paid is null || isOverdue)
            {
                subscription.End(now);
            }
        }
    }

    private async Task TrySaveAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            cache.Forget();
        }
        catch (DbUpdateConcurrencyException)
        {
            // Another process was first, or the person changed the plan; the next look sees what became of it.
            db.Subscriptions.Entry(subscription).State = EntityState.Detached;
        }
    }
}
