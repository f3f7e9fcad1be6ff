using AiPlatform.Domain.Commerce;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Commerce;

/// <summary>The tables that Commerce owns.</summary>
public interface ICommerceDb
{
    /// <summary>What can be subscribed to.</summary>
    DbSet<Plan> Plans { get; }

    /// <summary>Who pays for which plan, those that ended included.</summary>
    DbSet<Subscription> Subscriptions { get; }

    /// <summary>What was paid into wallets by card, or wanted to be.</summary>
    DbSet<TopUp> TopUps { get; }

    /// <summary>What the payment gateway told of itself.</summary>
    DbSet<PaymentEvent> PaymentEvents { get; }

    /// <summary>Who pays as which customer of the payment gateway.</summary>
    DbSet<PaymentCustomer> PaymentCustomers { get; }

    /// <summary>Commits what changed.</summary>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    Task<int> SaveChangesAsync(CancellationToken cancellationToken);
}
