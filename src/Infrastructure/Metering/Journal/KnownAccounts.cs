using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Metering.Journal.Storage;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>
/// The accounts as this process decided them last. Another process may have changed one since; then what is decided on it is not
/// written, and the accounts are locked for a while before anything is decided on them.
/// </summary>
internal sealed class KnownAccounts(LedgerStores stores, TimeProvider time)
{
    // Some 300 bytes each.
    private const int MaxCount = 20_000;

    // Long enough that the one commit which fails when others are found to write costs next to nothing.
    private static readonly TimeSpan Distrust = TimeSpan.FromSeconds(5);

    private readonly Dictionary<AccountKey, LedgerAccount> _accounts = [];

    private long? _distrustedSince;

    /// <summary>Whether nobody else was found to write to these accounts lately.</summary>
    public bool AreTrusted => _distrustedSince is not { } since || time.GetElapsedTime(since) >= Distrust;

    /// <summary>Whether so many are kept that they must be dropped before more are read.</summary>
    public bool IsFull => _accounts.Count > MaxCount;

    public LedgerAccount? Find(AccountKey key) => _accounts.GetValueOrDefault(key);

    /// <summary>Reads those that are not known. Nothing that is under way may touch them.</summary>
    public void Read(IReadOnlyCollection<AccountKey> unknown)
    {
        try
        {
            foreach (var account in stores.Reading.Find([.. unknown]))
            {
                _accounts[account.Key] = account;
            }
        }
        catch
        {
            stores.Reading.Abandon();
            throw;
        }
    }

    /// <summary>
    /// Takes accounts over as they are under their locks, and finds out whether somebody else changed one. Nothing may be under way: where
    /// too many are kept, the others are dropped.
    /// </summary>
    public void Take(IReadOnlyList<LedgerAccount> locked)
    {
        if (locked.Any(account => Find(account.Key) is { } known && known.EntryCount != account.EntryCount))
        {
            DistrustForAWhile();
        }

        if (IsFull)
        {
            Forget();
        }

        foreach (var account in locked)
        {
            _accounts[account.Key] = account;
        }
    }

    /// <summary>Somebody else writes too.</summary>
    public void DistrustForAWhile() => _distrustedSince = time.GetTimestamp();

    /// <summary>Drops everything: what was decided last did not happen, or too much is kept.</summary>
    public void Forget() => _accounts.Clear();
}
