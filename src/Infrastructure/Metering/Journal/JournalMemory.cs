using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>What the journal remembers of the ledger from one commit to the next. Whoever decides looks at it, one at a time.</summary>
internal sealed class JournalMemory(IDbContextFactory<AppDbContext> contexts, KnownAccounts accounts, AuditChainWriter chain)
{
    public HoldsUnderWay Holds { get; } = new(contexts);

    public KnownAccounts Accounts => accounts;

    public AuditChainWriter Chain => chain;

    /// <summary>Drops everything: what was decided last did not happen, or nobody knows whether it did.</summary>
    public void Forget()
    {
        Holds.Forget();
        accounts.Forget();
        chain.Forget();
    }
}
