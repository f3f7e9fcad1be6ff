using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;

namespace AiPlatform.WebApi.FunctionalTests.Metering.Model;

/// <summary>An account as the reference sees it.</summary>
internal sealed class ReferenceAccount
{
    public long Granted { get; set; }

    public long Held { get; set; }

    public long Spent { get; set; }

    public long Entries { get; set; }

    public long Available => Granted - Held - Spent;
}

/// <summary>A hold as the reference sees it.</summary>
internal sealed class ReferenceHold(int number, Guid requestId, IReadOnlyList<HoldOrderLine> lines, HoldState state, DateTimeOffset expiresAt)
{
    /// <summary>1, 2, 3, … in the order of placing.</summary>
    public int Number { get; } = number;

    public Guid RequestId { get; } = requestId;

    public IReadOnlyList<HoldOrderLine> Lines { get; } = lines;

    public DateTimeOffset ExpiresAt { get; } = expiresAt;

    public HoldState State { get; set; } = state;

    public bool IsOpen => State is HoldState.Held or HoldState.Dispatched or HoldState.Disputed;
}

/// <summary>What becomes of a settlement.</summary>
internal enum ReferenceOutcome
{
    /// <summary>The hold is paid or given back.</summary>
    Settled,

    /// <summary>Somebody else was first.</summary>
    SettledBefore,

    /// <summary>There is no such hold.</summary>
    Unknown,
}

/// <summary>
/// The whole ledger in the fewest words: plain sums in memory, one step after another. What it says is what the real one,
/// which writes batches to a database, must say too.
/// </summary>
internal sealed class ReferenceLedger
{
    public SortedDictionary<AccountKey, ReferenceAccount> Accounts { get; } = [];

    public Dictionary<Guid, ReferenceHold> Holds { get; } = [];

    /// <summary>What the platform bears, by meter.</summary>
    public Dictionary<Meter, long> Losses { get; } = [];

    public int Records { get; private set; }

    private int _placed;

    public ReferenceAccount Open(AccountKey key, long grant)
    {
        if (!Accounts.TryGetValue(key, out var account))
        {
            account = Accounts[key] = new ReferenceAccount { Granted = grant, Entries = 1 };
        }

        return account;
    }

    public ReferenceAccount Adjust(AccountKey key, long grant, long available)
    {
        var account = Open(key, grant);
        account.Granted += available - account.Available;
        account.Entries++;
        return account;
    }

    public ReferenceAccount Give(AccountKey key, long grant, long amount)
    {
        var account = Open(key, grant);
        account.Granted += amount;
        account.Entries++;
        return account;
    }

    /// <summary>A changed limit never takes what is held or spent; one that changes nothing leaves no entry.</summary>
    public ReferenceAccount Regrant(AccountKey key, long granted)
    {
        var account = Open(key, granted);
        var changed = Math.Max(granted, account.Held + account.Spent);
        account.Entries += changed == account.Granted ? 0 : 1;
        account.Granted = changed;
        return account;
    }

    public ReferenceAccount Expire(AccountKey key)
    {
        var account = Open(key, 0);
        account.Entries += account.Available == 0 ? 0 : 1;
        account.Granted -= account.Available;
        return account;
    }

    /// <summary>The first account, in the order of the lines, that lacks funds; <see langword="null"/> where the hold was placed.</summary>
    public AccountKey? Place(HoldOrder order, DateTimeOffset expiresAt, out ReferenceHold? hold)
    {
        hold = null;
        var lines = order.Lines.ToList();
        lines.ForEach(line => Open(line.Account, line.OpeningGrant));
        if (lines.Find(line => Accounts[line.Account].Available < line.Amount) is { } lacking)
        {
            return lacking.Account;
        }

        foreach (var line in lines)
        {
            Accounts[line.Account].Held += line.Amount;
            Accounts[line.Account].Entries++;
        }

        hold = new ReferenceHold(++_placed, order.Call.RequestId, lines, order.Dispatched ? HoldState.Dispatched : HoldState.Held, expiresAt);
        return null;
    }

    /// <summary>
    /// What a settlement is worth does not depend on the hold's age. One that comes after another leaves its record and nothing else.
    /// </summary>
    public ReferenceOutcome Settle(Settlement settlement)
    {
        if (!Holds.TryGetValue(settlement.HoldId, out var hold))
        {
            return ReferenceOutcome.Unknown;
        }

        Records++;
        if (!hold.IsOpen)
        {
            return ReferenceOutcome.SettledBefore;
        }

        var delivered = (settlement as Settlement.Capture)?.Delivered;
        Close(hold, isPaid: settlement is Settlement.Capture, delivered);
        foreach (var (meter, amount) in delivered ?? new Dictionary<Meter, long>())
        {
            var held = hold.Lines.Where(line => line.Account.Meter == meter).Select(line => line.Amount).DefaultIfEmpty().Max();
            if (held > 0 && amount > held)
            {
                Losses[meter] = Losses.GetValueOrDefault(meter) + amount - held;
            }
        }

        return ReferenceOutcome.Settled;
    }

    /// <summary>Whether the hold was disputed, so that an administrator's verdict ends it; nothing delivered gives it back.</summary>
    public bool Resolve(Guid holdId, IReadOnlyDictionary<Meter, long>? delivered)
    {
        if (!Holds.TryGetValue(holdId, out var hold) || hold.State is not HoldState.Disputed)
        {
            return false;
        }

        Close(hold, isPaid: delivered is not null, delivered);
        return true;
    }

    /// <summary>A call without a hold leaves its record all the same.</summary>
    public void Record() => Records++;

    /// <summary>What was never sent is given back, what was sent is left to an administrator.</summary>
    public void Sweep(DateTimeOffset now)
    {
        foreach (var hold in Holds.Values.Where(hold => hold.State is HoldState.Held or HoldState.Dispatched && hold.ExpiresAt <= now))
        {
            if (hold.State is HoldState.Dispatched)
            {
                hold.State = HoldState.Disputed;
                continue;
            }

            Close(hold, isPaid: false, null);
        }
    }

    private void Close(ReferenceHold hold, bool isPaid, IReadOnlyDictionary<Meter, long>? delivered)
    {
        hold.State = isPaid ? HoldState.Captured : HoldState.Released;
        foreach (var line in hold.Lines)
        {
            var account = Accounts[line.Account];
            account.Held -= line.Amount;
            account.Spent += !isPaid ? 0 : delivered is null ? line.Amount : Math.Min(line.Amount, delivered.GetValueOrDefault(line.Account.Meter));
            account.Entries++;
        }
    }
}
