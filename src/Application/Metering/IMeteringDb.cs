using AiPlatform.Domain.Metering;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Metering;

/// <summary>The tables that Metering owns. Balances change through <see cref="Contracts.ILedger"/> alone.</summary>
public interface IMeteringDb
{
    /// <summary>What tiers are granted a month.</summary>
    DbSet<TierAllowance> TierAllowances { get; }

    /// <summary>Commits what changed.</summary>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    Task<int> SaveChangesAsync(CancellationToken cancellationToken);
}
