using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>The rows that a batch of steps decides over, all of them locked, and the rows that the decisions make.</summary>
internal sealed class JournalBatch(AppDbContext db, IReadOnlyDictionary<Guid, LedgerAccount> accounts, IReadOnlyDictionary<Guid, Hold> holds, DateTimeOffset now)
{
    private readonly Dictionary<AccountKey, LedgerAccount> _byKey = accounts.Values.ToDictionary(account => account.Key);

    /// <summary>The time of every decision of the batch.</summary>
    public DateTimeOffset Now { get; } = now;

    /// <summary>The accounts, by id.</summary>
    public IReadOnlyDictionary<Guid, LedgerAccount> Accounts { get; } = accounts;

    public LedgerAccount Account(AccountKey key) => _byKey[key];

    public Hold Hold(Guid id) =>
        holds.TryGetValue(id, out var hold) ? hold : throw new InvalidOperationException($"There is no hold {id}.");

    public void Add(object row) => db.Add(row);

    public void AddRange(IEnumerable<object> rows) => db.AddRange(rows);
}
