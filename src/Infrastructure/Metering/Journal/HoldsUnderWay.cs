using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>A hold with the names of the accounts that its lines lie on.</summary>
internal readonly record struct HoldUnderWay(Hold Hold, IReadOnlyList<AccountKey> Accounts);

/// <summary>
/// The holds that this process placed and has not settled: nearly always the one that settles a hold is the one that placed it,
/// so it is not read again. Somebody else may settle first, which the write finds out; then the hold is forgotten here and read.
/// </summary>
internal sealed class HoldsUnderWay(IDbContextFactory<AppDbContext> contexts)
{
    private readonly Dictionary<Guid, HoldUnderWay> _holds = [];

    /// <summary>A hold that this process placed.</summary>
    /// <returns>Whether it is under way here.</returns>
    public bool TryFind(Guid id, out HoldUnderWay hold) => _holds.TryGetValue(id, out hold);

    /// <summary>The holds that the steps settle; those that are not under way here, or must be seen as they are, are read.</summary>
    public IReadOnlyDictionary<Guid, HoldUnderWay> Find(IReadOnlyList<JournalStep> steps)
    {
        var found = new Dictionary<Guid, HoldUnderWay>();
        List<Guid>? unknown = null;
        foreach (var step in steps)
        {
            foreach (var id in step.SettledHolds)
            {
                if (step.AlwaysSettles && _holds.TryGetValue(id, out var hold))
                {
                    found.TryAdd(id, hold);
                }
                else
                {
                    (unknown ??= []).Add(id);
                }
            }
        }

        if (unknown is not null)
        {
            Read(unknown, found);
        }

        return found;
    }

    /// <summary>
    /// Keeps the dispatched holds that a batch placed, and drops those that it closed. Any process may settle a hold that nothing was
    /// dispatched for: kept here, it might never be dropped. Where the batch is not committed after all, everything must be forgotten.
    /// </summary>
    public void Follow(JournalBatch batch)
    {
        if (batch.Added.TryGetValue(typeof(Hold), out var placed))
        {
            foreach (var hold in placed.Cast<Hold>().Where(hold => hold.State is HoldState.Dispatched))
            {
                _holds[hold.Id] = new HoldUnderWay(hold, [.. hold.Lines.Select(line => batch.Accounts[line.AccountId].Key)]);
            }
        }

        foreach (var (hold, _) in batch.ChangedHolds.Where(pair => pair.Key.State is not (HoldState.Held or HoldState.Dispatched)))
        {
            _holds.Remove(hold.Id);
        }
    }

    /// <summary>Drops the holds of steps that may have changed them in memory alone.</summary>
    public void Forget(IReadOnlyList<JournalStep> steps)
    {
        foreach (var step in steps)
        {
            foreach (var id in step.SettledHolds)
            {
                _holds.Remove(id);
            }
        }
    }

    /// <summary>Drops everything; what is needed of it is read again.</summary>
    public void Forget() => _holds.Clear();

    /// <summary>Whether somebody else changed a hold since it was read here.</summary>
    public bool IsOutdated(Hold hold)
    {
        using var db = contexts.CreateDbContext();
        return db.Set<Hold>().Any(row => row.Id == hold.Id && row.State != hold.State);
    }

    private void Read(List<Guid> ids, Dictionary<Guid, HoldUnderWay> found)
    {
        using var db = contexts.CreateDbContext();
        var holds = db.Set<Hold>().AsNoTracking().Where(hold => ids.Contains(hold.Id)).ToList();
        var requests = holds.ConvertAll(hold => hold.RequestId);
        var entries = db.Set<LedgerEntry>().AsNoTracking()
            .Where(entry => requests.Contains(entry.RequestId) && entry.Kind == EntryKind.Hold)
            .ToList();
        var accountIds = entries.Select(entry => entry.AccountId).Distinct().ToList();
        var accounts = db.Set<LedgerAccount>().AsNoTracking()
            .Where(account => accountIds.Contains(account.Id))
            .ToDictionary(account => account.Id, account => account.Key);
        foreach (var hold in holds)
        {
            hold.Restore(entries);
            found[hold.Id] = new HoldUnderWay(hold, [.. hold.Lines.Select(line => accounts[line.AccountId])]);
        }
    }
}
