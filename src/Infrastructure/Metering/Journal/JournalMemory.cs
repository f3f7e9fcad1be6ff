using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>What the journal remembers of the ledger from one commit to the next. Whoever decides looks at it, one at a time.</summary>
internal sealed class JournalMemory(IDbContextFactory<AppDbContext> contexts, KnownAccounts accounts, AuditChainWriter chain)
{
    public HoldsUnderWay Holds { get; } = new(contexts);

    public KnownAccounts Accounts => accounts;

    public AuditChainWriter Chain => chain;

    /// <summary>The accounts that a step touches, as far as its holds are remembered.</summary>
    public IEnumerable<AccountKey> AccountsOf(JournalStep step) => step.Accounts
        .Select(touched => touched.Key)
        .Concat(step.SettledHolds.SelectMany(id => Holds.TryFind(id, out var hold) ? hold.Accounts : []));

    /// <summary>Makes known to a batch what a step is decided on, unless something of it is not remembered.</summary>
    public bool TryInclude(JournalStep step, JournalBatch batch)
    {
        foreach (var (key, _) in step.Accounts)
        {
            if (!TryInclude(key, batch))
            {
                return false;
            }
        }

        foreach (var id in step.SettledHolds)
        {
            if (!Holds.TryFind(id, out var hold) || !TryInclude(hold.Accounts, batch))
            {
                return false;
            }

            batch.Include(hold.Hold);
        }

        return true;
    }

    /// <summary>Drops everything: what was decided last did not happen, or nobody knows whether it did.</summary>
    public void Forget()
    {
        Holds.Forget();
        accounts.Forget();
        chain.Forget();
    }

    private bool TryInclude(IReadOnlyList<AccountKey> keys, JournalBatch batch)
    {
        foreach (var key in keys)
        {
            if (!TryInclude(key, batch))
            {
                return false;
            }
        }

        return true;
    }

    // An account that nothing was booked on is due its period's grant, which is booked under its lock.
    private bool TryInclude(AccountKey key, JournalBatch batch)
    {
        if (accounts.Find(key) is not { IsNew: false } account)
        {
            return false;
        }

        batch.Include(account);
        return true;
    }
}
