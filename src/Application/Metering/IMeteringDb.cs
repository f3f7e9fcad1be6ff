using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Operations;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Metering;

/// <summary>The tables that Metering owns. Balances change through <see cref="Contracts.ILedger"/> alone.</summary>
public interface IMeteringDb
{
    /// <summary>What tiers are granted a month.</summary>
    DbSet<TierAllowance> TierAllowances { get; }

    /// <summary>The accounts, to read.</summary>
    IQueryable<LedgerAccount> LedgerAccounts { get; }

    /// <summary>The entries, to read.</summary>
    IQueryable<LedgerEntry> LedgerEntries { get; }

    /// <summary>The holds, to read; their lines are their entries.</summary>
    IQueryable<Hold> Holds { get; }

    /// <summary>The audit trail, to read: the evidence of what became of a call.</summary>
    IQueryable<AuditRecord> AuditRecords { get; }

    /// <summary>Commits what changed.</summary>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    Task<int> SaveChangesAsync(CancellationToken cancellationToken);
}
