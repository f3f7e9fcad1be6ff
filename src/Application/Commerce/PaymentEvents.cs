using AiPlatform.Domain.Commerce;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Commerce;

/// <summary>Keeps the gateway's events, and does what follows from them. Doing it twice, or at once, is the same as once.</summary>
internal sealed class PaymentEvents(ICommerceDb db, ICardPayments cards, TopUps topUps, SubscriptionFollower subscriptions, TimeProvider time)
{
    /// <summary>Writes an event down.</summary>
    /// <returns>It, or the row of an earlier delivery; tracked.</returns>
    public async Task<PaymentEvent> KeepAsync(PaymentEvent told, CancellationToken cancellationToken)
    {
        if (await FindAsync(told.Id, cancellationToken) is { } earlier)
        {
            return earlier;
        }

        db.PaymentEvents.Add(told);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return told;
        }
        catch (DbUpdateException)
        {
            db.PaymentEvents.Entry(told).State = EntityState.Detached;
            if (await FindAsync(told.Id, cancellationToken) is { } winner)
            {
                return winner;
            }

            throw;
        }
    }

    /// <summary>Does what follows from an event, unless that was done. What another call is about to write down itself stays open.</summary>
    /// <exception cref="PaymentUncertainException">The gateway cannot be asked.</exception>
    public async Task TrySettleAsync(PaymentEvent told, CancellationToken cancellationToken)
    {
        if (told.SettledAt is not null)
        {
            return;
        }

        var isSettled = told.Subject switch
        {
            PaymentSubject.Charge => await FollowChargeAsync(told.Reference!, cancellationToken),
            PaymentSubject.Subscription => await subscriptions.TryFollowAsync(told.Reference!, told.IsRipe(time.GetUtcNow()), cancellationToken),
            _ => true,
        };
        if (isSettled)
        {
            told.Settle(time.GetUtcNow());
            await db.SaveChangesAsync(CancellationToken.None);
        }
    }

    private async Task<bool> FollowChargeAsync(string chargeId, CancellationToken cancellationToken)
    {
        if (cards.AreConfigured
            && await cards.GetAsync(chargeId, cancellationToken) is { TopUpId: { } id } charge
            && await db.TopUps.FirstOrDefaultAsync(row => row.Id == id, cancellationToken) is { } topUp)
        {
            await topUps.TakeAsync(topUp, charge, CancellationToken.None);
        }

        return true;
    }

    private Task<PaymentEvent?> FindAsync(string id, CancellationToken cancellationToken) =>
        db.PaymentEvents.FirstOrDefaultAsync(row => row.Id == id, cancellationToken);
}
