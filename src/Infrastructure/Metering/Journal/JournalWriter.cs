using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Metering.Journal.Storage;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>Brings steps into the database under locks: lock, decide in memory in order, write once, commit.</summary>
/// <remarks>The journal's own thread alone calls it, a batch at a time, while no other is being committed.</remarks>
internal sealed class JournalWriter(
    LedgerStores stores, BatchWrites writes, JournalMemory memory, IDbContextFactory<AppDbContext> contexts, TimeProvider time)
{
    /// <summary>Commits steps together and completes them. When it throws, none of them is in the ledger, unless the commit itself was cut off.</summary>
    public void Write(IReadOnlyList<JournalStep> steps) => Write(steps, Decide);

    /// <summary>
    /// Commits one step after a failure, unless the failed commit brought it into the ledger after all. The server may be at that commit
    /// yet, and has its locks until it is over: what became of it can be seen under them alone.
    /// </summary>
    public void Retry(JournalStep step) =>
        Write([step], (steps, batch) => WasCommitted(step) ? new Decisions([step], []) : Decide(steps, batch));

    /// <summary>Lets the callers go on who need not wait for the commit.</summary>
    public static void AnnounceEarly(List<JournalStep> decided)
    {
        if (decided.FindAll(step => step.CompletesEarly) is { Count: > 0 } early)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static made => made.ForEach(step => step.Complete()), early, preferLocal: false);
        }
    }

    private void Write(IReadOnlyList<JournalStep> steps, Func<IReadOnlyList<JournalStep>, JournalBatch, Decisions> decide)
    {
        Decisions decisions;
        try
        {
            // Holds and keys are read before the transaction: what is written of them is guarded by the state they were read in.
            var now = time.GetUtcNow();
            var holds = memory.Holds.Find(steps);
            var batch = new JournalBatch(IdempotentCalls.Read(contexts, steps, now)) { Now = now };
            stores.Writing.Begin();
            Include(Lock(steps, holds, now), holds, batch);
            decisions = decide(steps, batch);
            AnnounceEarly(decisions.Made);
            memory.Chain.Extend(batch);
            stores.Writing.Commit(writes.Of(batch));
            memory.Holds.Follow(batch);
        }
        catch
        {
            // What the steps decided in memory did not happen; nothing of it may be seen again.
            memory.Forget();
            stores.Writing.Abandon();
            throw;
        }

        // Somebody else wakes the callers: the next batch begins while they are woken.
        ThreadPool.UnsafeQueueUserWorkItem(static made => made.Announce(), decisions, preferLocal: false);
        stores.Writing.Tidy();
    }

    private bool WasCommitted(JournalStep step)
    {
        using var db = contexts.CreateDbContext();
        return step.WasCommitted(db);
    }

    private static void Include(List<LedgerAccount> accounts, IReadOnlyDictionary<Guid, HoldUnderWay> holds, JournalBatch batch)
    {
        accounts.ForEach(batch.Include);
        foreach (var hold in holds.Values)
        {
            batch.Include(hold.Hold);
        }
    }

    private Decisions Decide(IReadOnlyList<JournalStep> steps, JournalBatch batch)
    {
        GrantNew(steps, batch);
        var decisions = new Decisions(new List<JournalStep>(steps.Count), []);
        foreach (var step in steps)
        {
            try
            {
                step.Decide(batch);
                decisions.Made.Add(step);
            }
            catch (InvalidOperationException refusal)
            {
                // What the step saw of its hold may be old: then this is no refusal, and the step decides again.
                if (step.SettledHolds.Any(id => batch.FindHold(id) is { } hold && memory.Holds.IsOutdated(hold)))
                {
                    throw new StaleRowException("holds");
                }

                decisions.Refused.Add((step, refusal));
            }
        }

        batch.AddRange(batch.Keys.Added);
        return decisions;
    }

    /// <summary>Books the grant of every account that nothing was booked on yet, as the first step that touches it says.</summary>
    private static void GrantNew(IReadOnlyList<JournalStep> steps, JournalBatch batch)
    {
        foreach (var step in steps)
        {
            foreach (var (key, openingGrant) in step.Accounts)
            {
                if (batch.Account(key) is { IsNew: true } account)
                {
                    batch.Add(account.Grant(openingGrant, new EntryCause(step.RequestId), batch.Now));
                }
            }
        }
    }

    private List<LedgerAccount> Lock(IReadOnlyList<JournalStep> steps, IReadOnlyDictionary<Guid, HoldUnderWay> holds, DateTimeOffset now)
    {
        var keys = KeysOf(steps, holds);
        var accounts = keys.Count == 0 ? [] : stores.Writing.Lock(keys);
        if (accounts.Count < keys.Count)
        {
            var found = accounts.Select(account => account.Key).ToHashSet();
            accounts.AddRange(Open(keys.FindAll(key => !found.Contains(key)), now));
        }

        memory.Accounts.Take(accounts);
        return accounts;
    }

    /// <summary>The accounts of a batch in the order in which they are locked, none twice.</summary>
    private static List<AccountKey> KeysOf(IReadOnlyList<JournalStep> steps, IReadOnlyDictionary<Guid, HoldUnderWay> holds)
    {
        var keys = new HashSet<AccountKey>();
        foreach (var step in steps)
        {
            foreach (var (key, _) in step.Accounts)
            {
                keys.Add(key);
            }
        }

        foreach (var hold in holds.Values)
        {
            keys.UnionWith(hold.Accounts);
        }

        var sorted = new List<AccountKey>(keys);
        sorted.Sort();
        return sorted;
    }

    // Where another process opens the same account, the insertion waits for it, and the lock finds its account.
    private List<LedgerAccount> Open(List<AccountKey> keys, DateTimeOffset now)
    {
        stores.Writing.Write([writes.Open(keys.ConvertAll(key => new LedgerAccount(key, now)))]);
        return stores.Writing.Lock(keys);
    }

    /// <summary>What became of the steps of a batch. Who waits for the commit learns of it afterwards, since it may yet fail.</summary>
    private readonly record struct Decisions(List<JournalStep> Made, List<(JournalStep Step, Exception Refusal)> Refused)
    {
        public void Announce()
        {
            Made.ForEach(step => step.Complete());
            Refused.ForEach(refused => refused.Step.Fail(refused.Refusal));
        }
    }
}
