using AiPlatform.Domain.Metering;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Metering;

/// <summary>The tables that Metering owns. Balances change through <see cref="Contracts.ILedger"/> alone.</summary>
public interface IMeteringDb
{
    /// <summary>What tiers are granted a month.</summary>
    DbSet<TierAllowance> TierAllowances { get; }

    /// <summary>What owners may spend a period.</summary>
    DbSet<SpendingLimit> SpendingLimits { get; }

    /// <summary>Who pays for whom, where it is not the tier's credits alone.</summary>
    DbSet<FundingRule> FundingRules { get; }

    /// <summary>What models cost: every version.</summary>
    DbSet<ModelPrice> ModelPrices { get; }

    /// <summary>The one row that tells every process when one of the three above has changed.</summary>
    DbSet<TermsRevision> TermsRevisions { get; }

    /// <summary>The accounts, to be looked at.</summary>
    IQueryable<LedgerAccount> Accounts { get; }

    /// <summary>Commits what changed.</summary>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    Task<int> SaveChangesAsync(CancellationToken cancellationToken);
}
