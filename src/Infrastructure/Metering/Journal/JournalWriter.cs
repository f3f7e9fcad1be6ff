using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Metering.Journal.Storage;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>Brings steps into the database: lock, decide in memory in order, write once, commit.</summary>
/// <remarks>The journal alone calls it, a batch at a time.</remarks>
internal sealed class JournalWriter(
    LedgerStore store, JournalTables tables, IDbContextFactory<AppDbContext> contexts, TimeProvider time) : IAsyncDisposable
{
    private static readonly string[] AccountChanges =
        [nameof(LedgerAccount.Granted), nameof(LedgerAccount.Held), nameof(LedgerAccount.Spent), nameof(LedgerAccount.EntryCount)];

    private static readonly string[] HoldChanges =
        [nameof(Hold.State), nameof(Hold.DispatchedAt), nameof(Hold.SettledAt), nameof(Hold.Reason)];

    private readonly HoldsUnderWay _holds = new(contexts);

    /// <summary>Commits steps together and completes them. When it throws, none of them is in the ledger, unless the commit itself was cut off.</summary>
    public async Task WriteAsync(IReadOnlyList<JournalStep> steps, CancellationToken cancellationToken)
    {
        List<JournalStep> decided;
        try
        {
            var holds = await _holds.FindAsync(steps, cancellationToken);
            await store.BeginAsync(cancellationToken);
            var batch = await LockAsync(steps, holds, cancellationToken);
            decided = Decide(steps, batch);
            if (WritesOf(batch) is { Count: > 0 } writes)
            {
                await store.WriteAsync(writes, cancellationToken);
            }

            await store.CommitAsync(cancellationToken);
            _holds.Follow(batch);
        }
        catch
        {
            // What the steps decided in memory did not happen; nothing of it may be seen again.
            _holds.Forget(steps);
            await store.AbandonAsync();
            throw;
        }

        decided.ForEach(step => step.Complete());
    }

    /// <summary>Commits one step after a failure, unless the failed commit brought it into the ledger after all.</summary>
    public async Task RetryAsync(JournalStep step, CancellationToken cancellationToken)
    {
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
        {
            if (await step.WasCommittedAsync(db, cancellationToken))
            {
                step.Complete();
                return;
            }
        }

        await WriteAsync([step], cancellationToken);
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    private static List<JournalStep> Decide(IReadOnlyList<JournalStep> steps, JournalBatch batch)
    {
        var decided = new List<JournalStep>(steps.Count);
        foreach (var step in steps)
        {
            try
            {
                step.Decide(batch);
                decided.Add(step);
            }
            catch (InvalidOperationException refused)
            {
                step.Fail(refused);
            }
        }

        return decided;
    }

    private async Task<JournalBatch> LockAsync(
        IReadOnlyList<JournalStep> steps, IReadOnlyDictionary<Guid, HoldUnderWay> holds, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var grants = new SortedDictionary<AccountKey, (long Amount, Guid RequestId)>();
        foreach (var step in steps)
        {
            foreach (var (key, openingGrant) in step.Accounts)
            {
                grants.TryAdd(key, (openingGrant, step.RequestId));
            }
        }

        var keys = new SortedSet<AccountKey>(grants.Keys);
        keys.UnionWith(holds.Values.SelectMany(hold => hold.Accounts));
        var accounts = keys.Count == 0 ? [] : await store.LockAsync([.. keys], cancellationToken);
        if (accounts.Count < keys.Count)
        {
            keys.ExceptWith(accounts.Select(account => account.Key));
            accounts.AddRange(await OpenAsync([.. keys], now, cancellationToken));
        }

        var batch = new JournalBatch(accounts, holds.ToDictionary(pair => pair.Key, pair => pair.Value.Hold), now);
        foreach (var account in accounts.Where(account => account.IsNew))
        {
            var (amount, requestId) = grants[account.Key];
            batch.Add(account.Grant(amount, new EntryCause(requestId), now));
        }

        return batch;
    }

    // Where another process opens the same account, the insertion waits for it, and the lock finds its account.
    private async Task<List<LedgerAccount>> OpenAsync(IReadOnlyList<AccountKey> keys, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var opened = keys.Select(key => (object)new LedgerAccount(key, now)).ToList();
        await store.WriteAsync([new TableInsert(tables[typeof(LedgerAccount)], opened) { UnlessExists = true }], cancellationToken);
        return await store.LockAsync(keys, cancellationToken);
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
            writes.Add(UpdateOf<Hold>([.. holds.Select(pair => pair.Key)], HoldChanges) with
            {
                Guard = new UpdateGuard(tables[typeof(Hold)][nameof(Hold.State)], [.. holds.Select(pair => (int)pair.Value)]),
            });
        }

        return writes;
    }

    private TableUpdate UpdateOf<TRow>(IReadOnlyList<object> rows, string[] properties)
    {
        var table = tables[typeof(TRow)];
        return new TableUpdate(table, rows, Array.ConvertAll(properties, property => table[property]));
    }
}
