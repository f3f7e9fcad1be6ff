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

    /// <summary>Commits what changed.</summary>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    Task<int> SaveChangesAsync(CancellationToken cancellationToken);
}
