using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Metering.Journal.Storage;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>Brings steps into the database: lock, decide in memory in order, write once, commit.</summary>
/// <remarks>The journal's own thread alone calls it, a batch at a time, and waits for the database itself.</remarks>
internal sealed class JournalWriter(
    LedgerStore store, JournalTables tables, AuditChainWriter chain, IDbContextFactory<AppDbContext> contexts, TimeProvider time) : IDisposable
{
    private static readonly string[] AccountChanges =
        [nameof(LedgerAccount.Granted), nameof(LedgerAccount.Held), nameof(LedgerAccount.Spent), nameof(LedgerAccount.EntryCount)];

    private static readonly string[] HoldChanges =
        [nameof(Hold.State), nameof(Hold.DispatchedAt), nameof(Hold.SettledAt), nameof(Hold.Reason)];

    private static readonly string[] KeyChanges =
    [
        nameof(IdempotentCall.Fingerprint), nameof(IdempotentCall.UserId), nameof(IdempotentCall.RequestId), nameof(IdempotentCall.HoldId),
        nameof(IdempotentCall.Answer), nameof(IdempotentCall.CreatedAt), nameof(IdempotentCall.ExpiresAt),
    ];

    private static readonly string[] ChainChanges = [nameof(AuditChain.LastSequence), nameof(AuditChain.LastHash)];

    private readonly HoldsUnderWay _holds = new(contexts);

    /// <summary>Commits steps together and completes them. When it throws, none of them is in the ledger, unless the commit itself was cut off.</summary>
    public void Write(IReadOnlyList<JournalStep> steps)
    {
        Decisions decisions;
        try
        {
            // Holds and keys are read before the transaction: what is written of them is guarded by the state they were read in.
            var now = time.GetUtcNow();
            var holds = _holds.Find(steps);
            var keys = IdempotentCalls.Read(contexts, steps, now);
            store.Begin();
            var accounts = Lock(steps, holds, now);
            var batch = new JournalBatch(accounts, holds.ToDictionary(pair => pair.Key, pair => pair.Value.Hold), keys, now);
            decisions = Decide(steps, batch);
            AnnounceEarly(decisions);
            chain.Extend(batch);
            store.Commit(WritesOf(batch));
            _holds.Follow(batch);
        }
        catch
        {
            // What the steps decided in memory did not happen; nothing of it may be seen again.
            _holds.Forget(steps);
            chain.Forget();
            store.Abandon();
            throw;
        }

        // Somebody else wakes the callers: the next batch begins while they are woken.
        ThreadPool.UnsafeQueueUserWorkItem(static made => made.Announce(), decisions, preferLocal: false);
    }

    /// <summary>Commits one step after a failure, unless the failed commit brought it into the ledger after all.</summary>
    public void Retry(JournalStep step)
    {
        using (var db = contexts.CreateDbContext())
        {
            if (step.WasCommitted(db))
            {
                step.Complete();
                return;
            }
        }

        Write([step]);
    }

    public void Dispose() => store.Dispose();

    private static void AnnounceEarly(Decisions decisions)
    {
        if (decisions.Made.FindAll(step => step.CompletesEarly) is { Count: > 0 } early)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static made => made.ForEach(step => step.Complete()), early, preferLocal: false);
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
                if (step.SettledHolds.Any(id => batch.FindHold(id) is { } hold && _holds.IsOutdated(hold)))
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
        var accounts = keys.Count == 0 ? [] : store.Lock(keys);
        if (accounts.Count < keys.Count)
        {
            var found = accounts.Select(account => account.Key).ToHashSet();
            accounts.AddRange(Open(keys.FindAll(key => !found.Contains(key)), now));
        }

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
    private List<LedgerAccount> Open(IReadOnlyList<AccountKey> keys, DateTimeOffset now)
    {
        var opened = keys.Select(key => (object)new LedgerAccount(key, now)).ToList();
        store.Write([new TableInsert(tables[typeof(LedgerAccount)], opened) { UnlessExists = true }]);
        return store.Lock(keys);
    }

    private List<TableWrite> WritesOf(JournalBatch batch)
    {
        var writes = batch.Added
            .Select(rows => (TableWrite)new TableInsert(tables[rows.Key], rows.Value))
            .OrderBy(insert => insert.Table.Depth)
            .ToList();
        if (batch.ChangedAccounts.ToList<object>() is { Count: > 0 } accounts)
        {
            writes.Add(UpdateOf<LedgerAccount>(accounts, AccountChanges));
        }

        if (batch.ChangedHolds.ToList() is { Count: > 0 } holds)
        {
            var states = holds.Select(pair => (int)pair.Value).ToArray();
            writes.Add(UpdateOf<Hold>([.. holds.Select(pair => pair.Key)], HoldChanges, nameof(Hold.State), states));
        }

        if (batch.Keys.Changed is { Count: > 0 } keys)
        {
            writes.Add(UpdateOf<IdempotentCall>([.. keys.Keys], KeyChanges, nameof(IdempotentCall.RequestId), keys.Values.ToArray()));
        }

        if (batch.MovedChain is var (moved, before))
        {
            writes.Add(UpdateOf<AuditChain>([moved], ChainChanges, nameof(AuditChain.LastSequence), new[] { before }));
        }

        return writes;
    }

    private TableUpdate UpdateOf<TRow>(IReadOnlyList<object> rows, string[] properties, string? guarded = null, Array? expected = null)
    {
        var table = tables[typeof(TRow)];
        var update = new TableUpdate(table, rows, Array.ConvertAll(properties, property => table[property]));
        return guarded is null || expected is null ? update : update with { Guard = new UpdateGuard(table[guarded], expected) };
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
