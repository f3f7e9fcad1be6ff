namespace AiPlatform.Domain.Metering;

/// <summary>Where a hold is in its life.</summary>
public enum HoldState
{
    /// <summary>Funds are set aside; nothing was sent to a provider.</summary>
    Held = 0,

    /// <summary>Committed before the provider is called, so that a crash after it is known.</summary>
    Dispatched = 1,

    /// <summary>Paid.</summary>
    Captured = 2,

    /// <summary>Given back.</summary>
    Released = 3,

    /// <summary>The outcome is unknown; an administrator decides.</summary>
    Disputed = 4,
}

/// <summary>The part of a hold that lies on one account.</summary>
public sealed class HoldLine
{
    private HoldLine()
    {
    }

    internal HoldLine(Guid holdId, Guid accountId, long amount)
    {
        HoldId = holdId;
        AccountId = accountId;
        Amount = amount;
    }

    /// <summary>The hold.</summary>
    public Guid HoldId { get; private set; }

    /// <summary>The account.</summary>
    public Guid AccountId { get; private set; }

    /// <summary>What was set aside, in the meter's smallest unit.</summary>
    public long Amount { get; private set; }

    /// <summary>What was paid of it; <see langword="null"/> until the hold is settled.</summary>
    public long? Captured { get; private set; }

    internal void Settle(long captured)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(captured);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(captured, Amount);
        Captured = captured;
    }
}

/// <summary>Funds set aside for one call, over every account that the call touches: all of them or none.</summary>
public sealed class Hold
{
    private readonly List<HoldLine> _lines = [];

    private Hold()
    {
    }

    /// <summary>Opens a hold without lines.</summary>
    /// <param name="id">The hold's id, known before so that entries can carry it.</param>
    /// <param name="requestId">The call.</param>
    /// <param name="priceVersionId">The price that it was computed from.</param>
    /// <param name="lifetime">How long until the sweeper may resolve it.</param>
    /// <param name="now">The time of the hold.</param>
    public Hold(Guid id, Guid requestId, Guid priceVersionId, TimeSpan lifetime, DateTimeOffset now)
    {
        Id = id;
        RequestId = requestId;
        PriceVersionId = priceVersionId;
        State = HoldState.Held;
        CreatedAt = now;
        ExpiresAt = now + lifetime;
    }

    /// <summary>UUIDv7.</summary>
    public Guid Id { get; private set; }

    /// <summary>The call.</summary>
    public Guid RequestId { get; private set; }

    /// <summary>The price that the hold was computed from.</summary>
    public Guid PriceVersionId { get; private set; }

    /// <summary>Where the hold is in its life.</summary>
    public HoldState State { get; private set; }

    /// <summary>When the hold was placed, UTC.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When the sweeper may resolve it, UTC.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>When the call was about to go to a provider, UTC.</summary>
    public DateTimeOffset? DispatchedAt { get; private set; }

    /// <summary>When the hold was captured or released, UTC.</summary>
    public DateTimeOffset? SettledAt { get; private set; }

    /// <summary>Why the hold was released.</summary>
    public string? Reason { get; private set; }

    /// <summary>The parts, one an account.</summary>
    public IReadOnlyList<HoldLine> Lines => _lines;

    /// <summary>Whether the hold still awaits its outcome.</summary>
    public bool IsOpen => State is HoldState.Held or HoldState.Dispatched;

    /// <summary>Sets <paramref name="amount"/> aside on <paramref name="account"/>.</summary>
    /// <param name="account">The account; it must be able to hold the amount.</param>
    /// <param name="amount">More than zero.</param>
    /// <param name="now">The time of the entry.</param>
    public LedgerEntry Take(LedgerAccount account, long amount, DateTimeOffset now)
    {
        Require(HoldState.Held);
        var entry = account.Hold(amount, Cause(), now);
        _lines.Add(new HoldLine(Id, account.Id, amount));
        return entry;
    }

    /// <summary>Notes that the provider is about to be called.</summary>
    /// <param name="now">The time of the note.</param>
    public void Dispatch(DateTimeOffset now)
    {
        Require(HoldState.Held);
        (State, DispatchedAt) = (HoldState.Dispatched, now);
    }

    /// <summary>Pays the hold in full on every account.</summary>
    /// <param name="accounts">The accounts of the lines, by id.</param>
    /// <param name="now">The time of the entries.</param>
    public IReadOnlyList<LedgerEntry> Capture(IReadOnlyDictionary<Guid, LedgerAccount> accounts, DateTimeOffset now)
    {
        RequireOpen();
        var entries = _lines.ConvertAll(line =>
        {
            line.Settle(line.Amount);
            return accounts[line.AccountId].Capture(line.Amount, line.Amount, Cause(), now);
        });
        (State, SettledAt) = (HoldState.Captured, now);
        return entries;
    }

    /// <summary>Gives the hold back on every account.</summary>
    /// <param name="accounts">The accounts of the lines, by id.</param>
    /// <param name="reason">Why, for the administrator who reads it.</param>
    /// <param name="now">The time of the entries.</param>
    public IReadOnlyList<LedgerEntry> Release(IReadOnlyDictionary<Guid, LedgerAccount> accounts, string reason, DateTimeOffset now)
    {
        RequireOpen();
        var entries = _lines.ConvertAll(line =>
        {
            line.Settle(0);
            return accounts[line.AccountId].Release(line.Amount, Cause(), now);
        });
        (State, SettledAt, Reason) = (HoldState.Released, now, reason);
        return entries;
    }

    private EntryCause Cause() => new(RequestId, Id, PriceVersionId);

    private void Require(HoldState state)
    {
        if (State != state)
        {
            throw new InvalidOperationException($"Hold {Id} is {State}, not {state}.");
        }
    }

    private void RequireOpen()
    {
        if (!IsOpen)
        {
            throw new InvalidOperationException($"Hold {Id} is {State} already.");
        }
    }
}
