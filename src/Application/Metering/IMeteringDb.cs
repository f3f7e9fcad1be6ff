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

    /// <summary>What models delivered, to read.</summary>
    IQueryable<UsageRecord> UsageRecords { get; }

    /// <summary>The models that holds pay one of, to read.</summary>
    IQueryable<HoldCandidate> HoldCandidates { get; }

    /// <summary>What calls were spared by earlier answers, to read.</summary>
    IQueryable<SavedCall> SavedCalls { get; }

    /// <summary>The audit trail, to read: the evidence of what became of a call.</summary>
    IQueryable<AuditRecord> AuditRecords { get; }

    /// <summary>The entries of an account, to read. They are found by their account: a condition on <see cref="LedgerEntries"/> need not be.</summary>
    /// <param name="account">The account.</param>
    IQueryable<LedgerEntry> EntriesOf(Guid account);

    /// <summary>The entries of all accounts of a user, to read; found by these.</summary>
    /// <param name="userId">The user.</param>
    IQueryable<LedgerEntry> EntriesOfUser(Guid userId);

    /// <summary>The entries of the accounts from one to another, both included, in the order of their ids; found by their accounts.</summary>
    /// <param name="first">The first account.</param>
    /// <param name="last">The last account.</param>
    IQueryable<LedgerEntry> EntriesBetween(Guid first, Guid last);

    /// <summary>What models delivered to some people, to read; found by these.</summary>
    /// <param name="users">Who.</param>
    IQueryable<UsageRecord> UsageOf(IReadOnlyCollection<Guid> users);

    /// <summary>What owners may spend a period.</summary>
    DbSet<SpendingLimit> SpendingLimits { get; }

    /// <summary>Money that was booked under a name of its own.</summary>
    DbSet<Deposit> Deposits { get; }

    /// <summary>Who pays for whom, where it is not the tier's credits alone.</summary>
    DbSet<FundingRule> FundingRules { get; }

    /// <summary>What models cost: every version.</summary>
    DbSet<ModelPrice> ModelPrices { get; }

    /// <summary>Commits what changed.</summary>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    Task<int> SaveChangesAsync(CancellationToken cancellationToken);
}
