using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Metering.Journal.Storage;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>What a decided batch writes. Every row that existed before is guarded: it must still be what the decisions saw.</summary>
internal sealed class BatchWrites(JournalTables tables)
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

    /// <summary>The rows of a batch as they are now.</summary>
    public List<TableWrite> Of(JournalBatch batch) => Of(batch, Changing(batch));

    /// <summary>
    /// The rows of a batch. Guarded ones come first: where somebody else was first, that is what fails, and not a new row that has the
    /// same key as theirs, such as an account's next entry.
    /// </summary>
    /// <param name="batch">The batch.</param>
    /// <param name="changing">What <see cref="Changing"/> said when the batch was decided.</param>
    public List<TableWrite> Of(JournalBatch batch, IReadOnlyList<TableWrite> changing)
    {
        var updates = changing.Where(write => write is TableUpdate).ToList();
        if (batch.MovedChain is var (moved, before))
        {
            updates.Add(UpdateOf([KeyValuePair.Create(moved, before)], ChainChanges, nameof(AuditChain.LastSequence)));
        }

        var inserts = batch.Added
            .Where(rows => rows.Key != typeof(Hold))
            .Select(rows => (TableWrite)new TableInsert(tables[rows.Key], rows.Value))
            .Concat(changing.Where(write => write is TableInsert))
            .OrderBy(insert => insert.Table.Depth);
        return [.. updates, .. inserts];
    }

    /// <summary>An account that the batch opens, unless somebody else does.</summary>
    public TableInsert Open(IReadOnlyList<LedgerAccount> accounts) => new(tables[typeof(LedgerAccount)], accounts) { UnlessExists = true };

    /// <summary>Those rows of a batch, as they are now, that the steps of a later one change.</summary>
    public List<TableWrite> Changing(JournalBatch batch)
    {
        var writes = new List<TableWrite>();
        if (batch.Added.TryGetValue(typeof(Hold), out var placed))
        {
            writes.Add(new TableInsert(tables[typeof(Hold)], placed));
        }

        if (batch.ChangedAccounts.ToList() is { Count: > 0 } accounts)
        {
            writes.Add(UpdateOf(accounts, AccountChanges, nameof(LedgerAccount.EntryCount)));
        }

        if (batch.ChangedHolds.Select(pair => KeyValuePair.Create(pair.Key, (int)pair.Value)).ToList() is { Count: > 0 } holds)
        {
            writes.Add(UpdateOf(holds, HoldChanges, nameof(Hold.State)));
        }

        if (batch.Keys.Changed.ToList() is { Count: > 0 } keys)
        {
            writes.Add(UpdateOf(keys, KeyChanges, nameof(IdempotentCall.RequestId)));
        }

        return writes;
    }

    /// <summary>Changes rows, each with the stored value that its guarded column must still have.</summary>
    private TableUpdate UpdateOf<TRow, TValue>(List<KeyValuePair<TRow, TValue>> rows, string[] properties, string guarded)
        where TRow : class
    {
        var table = tables[typeof(TRow)];
        return new TableUpdate(table, rows.ConvertAll<object>(row => row.Key), Array.ConvertAll(properties, property => table[property]))
        {
            Guard = new UpdateGuard(table[guarded], rows.ConvertAll(row => row.Value).ToArray()),
        };
    }
}
