using System.Runtime.InteropServices;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Operations;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>
/// The rows that a batch of steps decides over, and what the decisions make of them. All of them are written only if they are still
/// what the decisions saw.
/// </summary>
/// <param name="keys">The idempotency keys that the steps name.</param>
internal sealed class JournalBatch(IdempotentCalls keys)
{
    private readonly Dictionary<AccountKey, LedgerAccount> _byKey = [];
    private readonly Dictionary<Guid, LedgerAccount> _byId = [];
    private readonly Dictionary<LedgerAccount, long> _entryCounts = [];
    private readonly Dictionary<Guid, Hold> _holds = [];
    private readonly Dictionary<Hold, HoldState> _holdStates = [];
    private readonly Dictionary<Type, List<object>> _added = [];

    /// <summary>The time of the decisions that are made now.</summary>
    public required DateTimeOffset Now { get; set; }

    /// <summary>The accounts, by id.</summary>
    public IReadOnlyDictionary<Guid, LedgerAccount> Accounts => _byId;

    /// <summary>The idempotency keys that the steps name.</summary>
    public IdempotentCalls Keys => keys;

    /// <summary>The chain that was extended, with the number of its last record before.</summary>
    public (AuditChain Chain, long Before)? MovedChain { get; private set; }

    /// <summary>The new rows, by type.</summary>
    public IReadOnlyDictionary<Type, List<object>> Added => _added;

    /// <summary>
    /// The accounts that have new entries, with the number of entries before, in the order in which accounts are locked everywhere.
    /// </summary>
    public IEnumerable<KeyValuePair<LedgerAccount, long>> ChangedAccounts =>
        _entryCounts.Where(pair => pair.Key.EntryCount != pair.Value).OrderBy(pair => pair.Key.Key);

    /// <summary>The holds that were looked at and are in another state now, with the state they were in.</summary>
    public IEnumerable<KeyValuePair<Hold, HoldState>> ChangedHolds => _holdStates.Where(pair => pair.Key.State != pair.Value);

    /// <summary>Makes an account known to the steps. Once is enough.</summary>
    public void Include(LedgerAccount account)
    {
        if (_byKey.TryAdd(account.Key, account))
        {
            _byId.Add(account.Id, account);
            _entryCounts.Add(account, account.EntryCount);
        }
    }

    /// <summary>Makes a hold that was placed before this batch known to the steps. Once is enough.</summary>
    public void Include(Hold hold) => _holds.TryAdd(hold.Id, hold);

    public LedgerAccount Account(AccountKey key) => _byKey[key];

    /// <summary>A hold that was placed before this batch.</summary>
    /// <exception cref="InvalidOperationException">There is none of this id.</exception>
    public Hold Hold(Guid id)
    {
        if (!_holds.TryGetValue(id, out var hold))
        {
            throw new InvalidOperationException($"There is no hold {id}.");
        }

        _holdStates.TryAdd(hold, hold.State);
        return hold;
    }

    /// <summary>A hold that was placed before this batch; <see langword="null"/> where there is none of this id.</summary>
    public Hold? FindHold(Guid id) => _holds.GetValueOrDefault(id);

    /// <summary>Notes that a chain which exists already is extended.</summary>
    public void Move(AuditChain chain, long before) => MovedChain = (chain, before);

    /// <summary>Adds a row of any table of the model.</summary>
    public void Add(object row)
    {
        ref var rows = ref CollectionsMarshal.GetValueRefOrAddDefault(_added, row.GetType(), out _);
        (rows ??= []).Add(row);
    }

    public void AddRange(IEnumerable<object> rows)
    {
        foreach (var row in rows)
        {
            Add(row);
        }
    }
}
