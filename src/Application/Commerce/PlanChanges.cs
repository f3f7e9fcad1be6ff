using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Commerce;
using AiPlatform.Domain.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Commerce;

/// <summary>A person's subscription, where there is one in force, and the plan.</summary>
/// <param name="Subscription">The subscription, tracked; <see langword="null"/> on the free plan.</param>
/// <param name="Plan">The plan in force.</param>
/// <param name="Lapsed">A subscription that serves no more and was not ended yet, tracked.</param>
internal readonly record struct CurrentPlan(Subscription? Subscription, Plan Plan, Subscription? Lapsed);

/// <summary>Moves people from plan to plan: money first, then the plan, then the tokens.</summary>
internal sealed class PlanChanges(ICommerceDb db, IPlanPayments payments, ITokenGrants tokens, CommerceCall call)
{
    public DateTimeOffset Now => call.Now;

    /// <summary>The plan of a person now.</summary>
    public async Task<CurrentPlan> CurrentAsync(Guid userId, CancellationToken cancellationToken)
    {
        var open = await db.Subscriptions.FirstOrDefaultAsync(row => row.UserId == userId && row.EndedAt == null, cancellationToken);
        var planId = open?.PlanAt(call.Now);
        var plan = await db.Plans.SingleAsync(row => planId == null ? row.Name == Plan.Free : row.Id == planId, cancellationToken);
        return planId is null ? new CurrentPlan(null, plan, open) : new CurrentPlan(open, plan, null);
    }

    /// <summary>A plan by its name.</summary>
    /// <exception cref="RefusedException">There is none that can be subscribed to.</exception>
    public async Task<Plan> GetAsync(string name, CancellationToken cancellationToken) =>
        (name.Length > Plan.MaxNameLength ? null : await db.Plans.FirstOrDefaultAsync(plan => plan.Name == name && plan.Active, cancellationToken))
            ?? throw new RefusedException(PlanErrors.NotFound(name));

    /// <summary>Moves to a higher plan at once: the rest of the month's tokens are given with it.</summary>
    public async Task<Subscription> UpgradeAsync(Caller caller, CurrentPlan from, Plan to, string? paymentMethodId, CancellationToken cancellationToken)
    {
        RequirePayments();
        var subscription = from.Subscription;
        if (subscription is null)
        {
            await EndAsync(from.Lapsed);
            var order = OrderOf(caller, await LastEndedAsync(caller.UserId, cancellationToken), to, paymentMethodId);
            var payment = await payments.StartAsync(order, cancellationToken);
            subscription = new Subscription(caller.UserId, to.Id, payment.Reference, payment.Period, call.Now);
            db.Subscriptions.Add(subscription);
        }
        else
        {
            var order = OrderOf(caller, subscription, to, paymentMethodId);
            subscription.Upgrade(to.Id, (await payments.UpgradeAsync(subscription.Reference, order, cancellationToken)).Period);
        }

        await SaveAsync();
        await tokens.GrantPlanAsync(
            caller.UserId, new AccountOrder(call.RequestId, caller.UserId, "the plan was changed"), CancellationToken.None);
        await NoteTokensAsync(subscription);
        return subscription;
    }

    /// <summary>Has a lower plan follow the period that is paid.</summary>
    public async Task DowngradeAsync(Caller caller, CurrentPlan from, Plan to, CancellationToken cancellationToken)
    {
        if (!to.IsPaid)
        {
            await CancelAsync(from, cancellationToken);
            return;
        }

        RequirePayments();
        await payments.DowngradeAsync(from.Subscription!.Reference, OrderOf(caller, from.Subscription, to, null), cancellationToken);
        from.Subscription.DowngradeTo(to.Id);
        await SaveAsync();
    }

    /// <summary>Has nothing follow the period that is paid.</summary>
    public async Task<Subscription> CancelAsync(CurrentPlan current, CancellationToken cancellationToken)
    {
        var subscription = current.Subscription ?? throw new RefusedException(PlanErrors.NoSubscription);
        RequirePayments();
        await payments.CancelAsync(subscription.Reference, cancellationToken);
        subscription.Cancel();
        await SaveAsync();
        return subscription;
    }

    /// <summary>Has a subscription that serves no more give its place up.</summary>
    private async Task EndAsync(Subscription? lapsed)
    {
        if (lapsed is not null)
        {
            lapsed.End(call.Now);
            await SaveAsync();
        }
    }

    private async Task NoteTokensAsync(Subscription subscription)
    {
        subscription.GiveTokens();
        try
        {
            await db.SaveChangesAsync(CancellationToken.None);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Changed meanwhile: whoever looks after subscriptions gives the tokens again, which changes nothing.
            db.Subscriptions.Entry(subscription).State = EntityState.Detached;
        }
    }

    // What was paid is written down whether or not the caller still waits.
    private async Task SaveAsync()
    {
        try
        {
            await db.SaveChangesAsync(CancellationToken.None);
        }
        catch (DbUpdateException conflict)
        {
            // Both sent the same order, or one that the gateway refuses after the other: nobody paid twice.
            throw new RefusedException(RequestErrors.ChangedMeanwhile, conflict);
        }

        call.Forget();
    }

    private void RequirePayments()
    {
        if (!payments.AreConfigured)
        {
            throw new RefusedException(PlanErrors.PaymentsNotConfigured);
        }
    }

    // Never the one that another call begins at the same time: both must send the same order.
    private Task<Subscription?> LastEndedAsync(Guid userId, CancellationToken cancellationToken) => db.Subscriptions.AsNoTracking()
        .Where(row => row.UserId == userId && row.EndedAt != null)
        .OrderByDescending(row => row.CreatedAt)
        .FirstOrDefaultAsync(cancellationToken);

    // The same change after the same period is the same order, however often it is sent.
    private static PlanOrder OrderOf(Caller caller, Subscription? last, Plan to, string? paymentMethodId) => new(
        caller.UserId,
        caller.Email,
        to.Name,
        to.Price,
        paymentMethodId,
        $"{caller.UserId:N}-{last?.Id.ToString("N") ?? Plan.Free}-{last?.PeriodEnd.ToUnixTimeSeconds() ?? 0}-{to.Name}");
}

/// <summary>The call that changes a plan, and who has to hear of it.</summary>
internal sealed class CommerceCall(ICallContext call, IReadCache cache, TimeProvider time)
{
    public Guid RequestId => call.RequestId;

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Has this process read plans anew.</summary>
    public void Forget() => cache.Forget();
}
