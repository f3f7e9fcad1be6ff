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

/// <summary>The part of a hold that lies on one account: its <see cref="EntryKind.Hold"/> entry there.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="Amount">What was set aside, in the meter's smallest unit.</param>
/// <param name="PriceVersionId">The price that this part was computed from.</param>
public readonly record struct HoldLine(Guid AccountId, long Amount, Guid PriceVersionId);

/// <summary>Funds set aside for one call, over every account that the call touches: all of them or none.</summary>
public sealed class Hold
{
    /// <summary>What stands for the price version where the caller names the amount.</summary>
    public static readonly Guid Unpriced = Guid.Empty;

    private readonly List<HoldLine> _lines = [];

    private Hold()
    {
        RouteKey = string.Empty;
    }

    /// <summary>Opens a hold without lines.</summary>
    /// <param name="id">UUIDv7.</param>
    /// <param name="call">The call that it is for.</param>
    /// <param name="priceVersionId">The price that it was computed from.</param>
    /// <param name="lifetime">How long until the sweeper may resolve it.</param>
    /// <param name="now">The time of the hold.</param>
    public Hold(Guid id, HeldCall call, Guid priceVersionId, TimeSpan lifetime, DateTimeOffset now)
    {
        Id = id;
        (RequestId, UserId, RouteKey) = call;
        PriceVersionId = priceVersionId;
        State = HoldState.Held;
        CreatedAt = now;
        ExpiresAt = now + lifetime;
    }

    /// <summary>UUIDv7.</summary>
    public Guid Id { get; private set; }

    /// <summary>The call.</summary>
    public Guid RequestId { get; private set; }

    /// <summary>Who called.</summary>
    public Guid UserId { get; private set; }

    /// <summary>The route that was called.</summary>
    public string RouteKey { get; private set; }

    /// <summary>The price that the hold was computed from, or <see cref="Unpriced"/>.</summary>
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

    /// <summary>Why the hold was released or is disputed, or how a dispute was resolved.</summary>
    public string? Reason { get; private set; }

    /// <summary>The parts, one an account.</summary>
    public IReadOnlyList<HoldLine> Lines => _lines;

    /// <summary>Whether the hold still awaits its outcome.</summary>
    public bool IsOpen => State is HoldState.Held or HoldState.Dispatched or HoldState.Disputed;

    /// <summary>Takes the parts from the entries that placed them, when the hold was read from the ledger.</summary>
    /// <param name="entries">Entries of the hold's request; those of other kinds are passed over.</param>
    public void Restore(IEnumerable<LedgerEntry> entries)
    {
        _lines.Clear();
        _lines.AddRange(entries
            .Where(entry => entry.Kind is EntryKind.Hold && entry.HoldId == Id)
            .Select(entry => new HoldLine(entry.AccountId, entry.HeldDelta, entry.PriceVersionId ?? PriceVersionId)));
    }

    /// <summary>Sets <paramref name="amount"/> aside on <paramref name="account"/>.</summary>
    /// <param name="account">The account; it must be able to hold the amount.</param>
    /// <param name="amount">More than zero.</param>
    /// <param name="now">The time of the entry.</param>
    /// <param name="priceVersionId">The price that the amount was computed from, where it is not the hold's own.</param>
    public LedgerEntry Take(LedgerAccount account, long amount, DateTimeOffset now, Guid? priceVersionId = null)
    {
        Require(HoldState.Held);
        var line = new HoldLine(account.Id, amount, priceVersionId ?? PriceVersionId);
        var entry = account.Hold(amount, Cause(line, null), now);
        _lines.Add(line);
        return entry;
    }

    /// <summary>Notes that the provider is about to be called.</summary>
    /// <param name="now">The time of the note.</param>
    public void Dispatch(DateTimeOffset now)
    {
        Require(HoldState.Held);
        (State, DispatchedAt) = (HoldState.Dispatched, now);
    }

    /// <summary>Pays the hold: each account what was delivered, at most what it holds; the rest of the hold is given back.</summary>
    /// <param name="accounts">The accounts of the lines, by id.</param>
    /// <param name="delivered">What was delivered by meter, in its smallest unit; <see langword="null"/> pays all that is held.</param>
    /// <param name="now">The time of the entries.</param>
    /// <param name="actorId">The administrator, where one decides.</param>
    /// <param name="modelPriceId">The price by which the money is charged, where it is not the one that the lines name.</param>
    public IReadOnlyList<LedgerEntry> Capture(
        IReadOnlyDictionary<Guid, LedgerAccount> accounts,
        IReadOnlyDictionary<Meter, long>? delivered,
        DateTimeOffset now,
        Guid? actorId = null,
        Guid? modelPriceId = null)
    {
        RequireOpen();
        RequireHeldOn(accounts);
        var entries = _lines.ConvertAll(line =>
        {
            var account = accounts[line.AccountId];
            var amount = delivered is null ? line.Amount : Math.Min(line.Amount, delivered.GetValueOrDefault(account.Meter));
            var priced = modelPriceId is { } price && MeterUnits.IsMoney(account.Meter) ? line with { PriceVersionId = price } : line;
            return account.Capture(line.Amount, amount, Cause(priced, actorId), now);
        });
        (State, SettledAt) = (HoldState.Captured, now);
        return entries;
    }

    /// <summary>Gives the hold back on every account.</summary>
    /// <param name="accounts">The accounts of the lines, by id.</param>
    /// <param name="reason">Why, for the administrator who reads it.</param>
    /// <param name="now">The time of the entries.</param>
    /// <param name="actorId">The administrator, where one decides.</param>
    public IReadOnlyList<LedgerEntry> Release(
        IReadOnlyDictionary<Guid, LedgerAccount> accounts, string reason, DateTimeOffset now, Guid? actorId = null)
    {
        RequireOpen();
        RequireHeldOn(accounts);
        var entries = _lines.ConvertAll(line => accounts[line.AccountId].Release(line.Amount, Cause(line, actorId), now));
        (State, SettledAt, Reason) = (HoldState.Released, now, reason);
        return entries;
    }

    /// <summary>Leaves the outcome to an administrator; the funds stay set aside.</summary>
    /// <param name="reason">What is known of the call.</param>
    public void Dispute(string reason)
    {
        Require(HoldState.Dispatched);
        (State, Reason) = (HoldState.Disputed, reason);
    }

    /// <summary>Ends a dispute: charges what an administrator says was delivered, or gives everything back.</summary>
    /// <param name="accounts">The accounts of the lines, by id.</param>
    /// <param name="delivered">What was delivered by meter, in its smallest unit; <see langword="null"/> gives everything back.</param>
    /// <param name="reason">The administrator's reason.</param>
    /// <param name="actorId">The administrator.</param>
    /// <param name="now">The time of the entries.</param>
    public IReadOnlyList<LedgerEntry> Resolve(
        IReadOnlyDictionary<Guid, LedgerAccount> accounts, IReadOnlyDictionary<Meter, long>? delivered, string reason, Guid actorId, DateTimeOffset now)
    {
        Require(HoldState.Disputed);
        if (delivered is null)
        {
            return Release(accounts, reason, now, actorId);
        }

        var entries = Capture(accounts, delivered, now, actorId);
        Reason = reason;
        return entries;
    }

    private EntryCause Cause(HoldLine line, Guid? actorId) =>
        new(RequestId, Id, line.PriceVersionId == Unpriced ? null : line.PriceVersionId, actorId);

    private void Require(HoldState state)
    {
        if (State != state)
        {
            throw new InvalidOperationException($"Hold {Id} is {State}, not {state}.");
        }
    }

    /// <summary>
    /// A hold that was settled elsewhere meanwhile may no longer be held. It must not be found out at the second line, when the
    /// first account has changed already.
    /// </summary>
    private void RequireHeldOn(IReadOnlyDictionary<Guid, LedgerAccount> accounts)
    {
        if (_lines.Exists(line => accounts[line.AccountId].Held < line.Amount))
        {
            throw new InvalidOperationException($"Hold {Id} is no longer held on every account.");
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

/// <summary>
/// A model that a hold pays, where it pays the one of several that answers: evidence of what a call may have asked. Append-only.
/// </summary>
public sealed class HoldCandidate
{
    private HoldCandidate()
    {
        Model = string.Empty;
    }

    /// <summary>Notes a candidate.</summary>
    /// <param name="hold">The hold.</param>
    /// <param name="position">Its place in the order in which they are asked, from 0.</param>
    /// <param name="model">The model, and the price by which it is charged.</param>
    public HoldCandidate(Hold hold, int position, PricedCandidate model)
    {
        HoldId = hold.Id;
        Position = position;
        (Model, PriceVersionId) = model;
    }

    /// <summary>The hold.</summary>
    public Guid HoldId { get; private set; }

    /// <summary>Its place in the order in which they are asked, from 0.</summary>
    public int Position { get; private set; }

    /// <summary>Public name of the model.</summary>
    public string Model { get; private set; }

    /// <summary>The price by which it is charged; <see langword="null"/> where no account of money is touched.</summary>
    public Guid? PriceVersionId { get; private set; }
}

/// <summary>A model that may answer a call, and the price by which it is charged then.</summary>
/// <param name="Model">Public name of the model.</param>
/// <param name="PriceVersionId">The price; <see langword="null"/> where no account of money is touched.</param>
public readonly record struct PricedCandidate(string Model, Guid? PriceVersionId);

/// <summary>The call that a hold is for: what an administrator is told of it when its outcome is unknown.</summary>
/// <param name="RequestId">The call.</param>
/// <param name="UserId">Who called.</param>
/// <param name="RouteKey">The route that was called.</param>
public readonly record struct HeldCall(Guid RequestId, Guid UserId, string RouteKey);
