using AiPlatform.Application.Shared;
using AiPlatform.Domain.Commerce;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Application.Commerce;

/// <summary>
/// Has a subscription follow what the gateway has of it: renewals, ends, and changes whose answer was lost on its way here. Those
/// are left to the call that made them as long as it may be writing them down.
/// </summary>
internal sealed partial class SubscriptionFollower(
    ICommerceDb db, IPlanPayments payments, IReadCache cache, TimeProvider time, ILogger<SubscriptionFollower> logger)
{
    /// <summary>Follows.</summary>
    /// <param name="reference">The gateway's name for the subscription.</param>
    /// <param name="isRipe">Whether a call that changed it had the time to write that down.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Whether nothing is open.</returns>
    /// <exception cref="PaymentUncertainException">The gateway cannot be asked.</exception>
    public async Task<bool> TryFollowAsync(string reference, bool isRipe, CancellationToken cancellationToken)
    {
        if (!payments.AreConfigured)
        {
            return true;
        }

        var told = await payments.FindAsync(reference, cancellationToken);
        var known = await db.Subscriptions.FirstOrDefaultAsync(row => row.Reference == reference, cancellationToken);
        var isDone = known is null
            ? told is not { Period: not null } || (isRipe && await AdoptAsync(told, cancellationToken))
            : known.EndedAt is not null || await FollowAsync(known, told, isRipe, cancellationToken);
        return await TrySaveAsync() && isDone;
    }

    private async Task<bool> FollowAsync(Subscription known, GatewaySubscription? told, bool isRipe, CancellationToken cancellationToken)
    {
        if (told?.Period is not { } paid)
        {
            // What was paid is served; a first payment that was never made begins nothing.
            known.End(time.GetUtcNow());
            return true;
        }

        if (paid.End > known.PeriodEnd)
        {
            known.Renew(paid);
        }

        var isSame = told.EndsWithPeriod == known.EndsWithPeriod
            && (told.EndsWithPeriod || await IsPlanAsync(known.NextPlanId ?? known.PlanId, told.PlanName, cancellationToken));
        if (!isSame && isRipe)
        {
            await ChangeAsync(known, told, paid, cancellationToken);
        }

        return isSame || isRipe;
    }

    /// <summary>Makes good a change whose answer was lost.</summary>
    private async Task ChangeAsync(Subscription known, GatewaySubscription told, PaidPeriod paid, CancellationToken cancellationToken)
    {
        var plans = await db.Plans.ToListAsync(cancellationToken);
        var (now, then) = (plans.Single(plan => plan.Id == known.PlanId), plans.Find(plan => plan.Name == told.PlanName));
        if (told.EndsWithPeriod)
        {
            known.Cancel();
        }
        else if (then is null)
        {
            LogUnknownPlan(told.Reference, told.PlanName);
        }
        else if (then.Price > now.Price)
        {
            known.Upgrade(then.Id, paid);
        }
        else
        {
            known.DowngradeTo(then.Id);
        }
    }

    /// <summary>Takes in a subscription that was paid for by a call whose answer was lost.</summary>
    private async Task<bool> AdoptAsync(GatewaySubscription told, CancellationToken cancellationToken)
    {
        var plan = await db.Plans.FirstOrDefaultAsync(row => row.Name == told.PlanName, cancellationToken);
        if (plan is null || told.UserId is not { } userId)
        {
            return true;
        }

        var now = time.GetUtcNow();
        var open = await db.Subscriptions.FirstOrDefaultAsync(row => row.UserId == userId && row.EndedAt == null, cancellationToken);
        if (open?.PlanAt(now) is not null)
        {
            LogSecond(told.Reference, userId, open.Reference);
            return true;
        }

        if (open is not null)
        {
            open.End(now);
            await db.SaveChangesAsync(CancellationToken.None);
        }

        db.Subscriptions.Add(new Subscription(userId, plan.Id, told.Reference, told.Period!.Value, now));
        return true;
    }

    private Task<bool> IsPlanAsync(Guid planId, string? name, CancellationToken cancellationToken) =>
        db.Plans.AnyAsync(plan => plan.Id == planId && plan.Name == name, cancellationToken);

    private async Task<bool> TrySaveAsync()
    {
        try
        {
            await db.SaveChangesAsync(CancellationToken.None);
            cache.Forget();
            return true;
        }
        catch (DbUpdateException)
        {
            // Somebody else changed it, or took it in, meanwhile; what became of it the next look sees.
            foreach (var row in db.Subscriptions.Local.ToList())
            {
                db.Subscriptions.Entry(row).State = EntityState.Detached;
            }

            return false;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Critical, Message = "Subscription {Reference} is paid for by {UserId}, who has {Other} already; cancel one and refund it")]
    private partial void LogSecond(string reference, Guid userId, string other);

    [LoggerMessage(Level = LogLevel.Error, Message = "Subscription {Reference} is on {Plan}, which is no plan here")]
    private partial void LogUnknownPlan(string reference, string? plan);
}
