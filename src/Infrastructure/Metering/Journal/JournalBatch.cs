using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>The rows that a batch of steps decides over, all of them locked, and the rows that the decisions make.</summary>
internal sealed class JournalBatch(
    AppDbContext db, IReadOnlyDictionary<Guid, LedgerAccount> accounts, IReadOnlyDictionary<Guid, Hold> holds, IdempotentCalls keys, DateTimeOffset now)
{
    private readonly Dictionary<AccountKey, LedgerAccount> _byKey = accounts.Values.ToDictionary(account => account.Key);

    private readonly List<AuditRecord> _auditRecords = [];

    /// <summary>The time of every decision of the batch.</summary>
    public DateTimeOffset Now { get; } = now;

    /// <summary>The accounts, by id.</summary>
    public IReadOnlyDictionary<Guid, LedgerAccount> Accounts { get; } = accounts;

    /// <summary>The idempotency keys that the steps name.</summary>
    public IdempotentCalls Keys { get; } = keys;

    /// <summary>The audit records that the decisions made, in their order.</summary>
    public IReadOnlyList<AuditRecord> AuditRecords => _auditRecords;

    public LedgerAccount Account(AccountKey key) => _byKey[key];

    public Hold Hold(Guid id) =>
        holds.TryGetValue(id, out var hold) ? hold : throw new InvalidOperationException($"There is no hold {id}.");

    public void Add(object row) => db.Add(row);

    public void Add(AuditRecord record)
    {
        _auditRecords.Add(record);
        db.Add(record);
    }

    public void AddRange(IEnumerable<object> rows) => db.AddRange(rows);
}
