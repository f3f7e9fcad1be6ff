using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.WebApi.FunctionalTests.Support;

namespace AiPlatform.WebApi.FunctionalTests.Metering.Model;

/// <summary>Decides at random what happens next, lets it happen to the ledger and to the reference, and compares.</summary>
internal sealed class RandomStory
{
    private const long Grant = 1_000;
    private const int KeptSteps = 12;

    private static readonly TimeSpan HoldExpiry = TimeSpan.FromMinutes(15);
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Africa/Johannesburg");
    private static readonly Meter[] Meters = [Meter.Credits, Meter.Wallet, Meter.Conversations];

    private readonly ModelledLedger _ledger;
    private readonly Random _dice;
    private readonly ReferenceLedger _reference = new();
    private readonly Invariants _invariants;
    private readonly Guid[] _owners;
    private readonly Queue<string> _lastSteps = new();
    private readonly Dictionary<string, int> _happened = new(StringComparer.Ordinal);

    private readonly SortedDictionary<int, (Guid Id, ReferenceHold Hold)> _placed = [];

    private int _number;

    public RandomStory(ModelledLedger ledger, Random dice)
    {
        (_ledger, _dice) = (ledger, dice);
        _invariants = new Invariants(ledger, _reference);
        _owners = [.. Enumerable.Range(0, 3).Select(_ => NewOwner(dice))];
    }

    /// <summary>One step: a single operation, several at once (which the journal commits together), or time that passes.</summary>
    public async Task StepAsync()
    {
        _number++;
        switch (_dice.Next(10))
        {
            case 0:
                await PassTimeAsync();
                break;
            case 1:
                await Task.WhenAll([.. Enumerable.Range(0, _dice.Next(2, 8)).Select(_ => Operate(process: 0))]);
                break;
            default:
                await Operate(_dice.Next(_ledger.Processes));
                break;
        }

        KnowWhatWasPlaced();
        await _invariants.AssertAsync(Story());
    }

    /// <summary>
    /// What is placed in a step can be picked from the next step on: whether it is there sooner, among operations that were started
    /// together, would depend on how fast the ledger is, and a seed would not repeat a run.
    /// </summary>
    private void KnowWhatWasPlaced()
    {
        foreach (var (id, hold) in _placed.Values)
        {
            _reference.Holds[id] = hold;
        }

        _placed.Clear();
    }

    // Not of the time, so that the order of the owners, which is the order of locks, repeats too.
    private static Guid NewOwner(Random dice)
    {
        var bytes = new byte[16];
        dice.NextBytes(bytes);
        return new Guid(bytes);
    }

    /// <summary>A story in which something never happened proves nothing about it.</summary>
    public void AssertEverythingHappened()
    {
        string[] expected =
        [
            "open", "adjust", "hold", "hold refused", "hold repeated", "record", "capture", "capture part", "capture beyond", "release",
            "give", "regrant", "expire account", "resolve", "resolve refused", "settle disputed", "settle again", "settle unknown refused", "expire", "month change", "clock back",
        ];
        Assert.That(expected.Where(kind => _happened.GetValueOrDefault(kind) < 3), Is.Empty, $"Seldom or never: {string.Join(", ", _happened)}");
        Assert.That(_reference.Accounts.Keys.Select(key => key.Period).Distinct().Count(), Is.GreaterThan(5));
    }

    /// <summary>
    /// Starts an operation; the reference has done it when this returns, so that operations that are started one after another
    /// have one order, and the returned task compares the outcomes.
    /// </summary>
    private Task Operate(int process) => _dice.Next(24) switch
    {
        0 => Open(process),
        1 => Adjust(process),
        2 => Give(process),
        3 => Regrant(process),
        4 => ExpireAccount(process),
        5 or 6 => Record(process),
        7 => HoldAgain(process),
        8 or 9 => Resolve(process),
        < 16 => Settle(process),
        _ => Hold(process),
    };

    private async Task Open(int process)
    {
        var account = NewAccount();
        var (expected, opening) = (_reference.Open(account, Grant).Available, _ledger.Ledger(process).OpenAsync(account, Grant, Unique.Id(), default));
        Note("open", $"{account}");
        Assert.That((await opening).Available, Is.EqualTo(expected), Story());
    }

    private async Task Adjust(int process)
    {
        var order = new AdjustmentOrder(Unique.Id(), Unique.Id(), NewAccount(), Grant, _dice.Next(2_000));
        var (expected, adjusting) = (_reference.Adjust(order.Account, Grant, order.Available).Held, _ledger.Ledger(process).AdjustAsync(order, default));
        Note("adjust", $"{order.Account} to {order.Available}");
        var balance = await adjusting;
        Assert.That((balance.Available, balance.Held), Is.EqualTo((order.Available, expected)), Story());
    }

    private async Task Give(int process)
    {
        var (account, amount) = (NewAccount(), _dice.Next(1, 500));
        var (expected, giving) = (
            _reference.Give(account, Grant, amount).Available,
            _ledger.Ledger(process).GrantAsync(account, Grant, amount, NewOrder(), default));
        Note("give", $"{account} {amount}");
        Assert.That((await giving)!.Available, Is.EqualTo(expected), Story());
    }

    private async Task Regrant(int process)
    {
        var (account, granted) = (NewAccount(), _dice.Next(2_000));
        var (expected, granting) = (
            _reference.Regrant(account, granted).Granted, _ledger.Ledger(process).RegrantAsync(account, granted, NewOrder(), default));
        Note("regrant", $"{account} {granted}");
        Assert.That((await granting).Granted, Is.EqualTo(expected), Story());
    }

    private async Task ExpireAccount(int process)
    {
        var account = NewAccount();
        var (expected, expiring) = (_reference.Expire(account).Held, _ledger.Ledger(process).ExpireAsync(account, NewOrder(), default));
        Note("expire account", $"{account}");
        var balance = await expiring;
        Assert.That((balance.Available, balance.Held), Is.EqualTo((0L, expected)), Story());
    }

    /// <summary>An administrator ends a dispute; what is not disputed stays as it is.</summary>
    private async Task Resolve(int process)
    {
        var known = Pick(hold => _dice.Next(4) == 0 || hold.State is HoldState.Disputed);
        if (known is not { } disputed)
        {
            return;
        }

        var delivered = _dice.Next(3) == 0 ? null : disputed.Value.Lines.Select(line => line.Account.Meter).Distinct().ToDictionary(meter => meter, _ => (long)_dice.Next(500));
        var verdict = new DisputeVerdict(Unique.Id(), Unique.Id(), disputed.Key, delivered, "the dice decided");
        var (expected, resolving) = (_reference.Resolve(disputed.Key, delivered), _ledger.Ledger(process).ResolveDisputeAsync(verdict, default));
        Note(expected ? "resolve" : "resolve refused", $"{disputed.Value.Number} by {process}");
        Assert.That(await resolving, Is.EqualTo(expected), Story());
    }

    private async Task Record(int process)
    {
        _reference.Record();
        Note("record", string.Empty);
        await _ledger.Journal(process).CloseAsync(Money.Record(Unique.Id()), null, default);
    }

    private async Task Hold(int process)
    {
        HoldOrderLine[] lines = [.. Enumerable.Range(0, _dice.Next(1, 4)).Select(_ => NewAccount()).Distinct()
            .Select(account => new HoldOrderLine(account, Grant, _dice.Next(1, 400)))];
        var order = Money.Order(Unique.Id(), lines) with { Dispatched = _dice.Next(4) > 0 };
        var lacking = _reference.Place(order, _ledger.Clock.Now + HoldExpiry, out var hold);
        var placing = _ledger.Ledger(process).PlaceHoldAsync(order, default);
        Note(hold is null ? "hold refused" : "hold", $"{hold?.Number} on {string.Join(", ", lines.Select(line => $"{line.Account.OwnerId:N} {line.Account.Meter} {line.Amount}"))} by {process}");

        var decision = await placing;
        Assert.That((decision.HoldId is null, decision.Lacking), Is.EqualTo((hold is null, lacking)), Story());
        if (hold is not null)
        {
            // Operations that were started together end on several threads.
            lock (_placed)
            {
                _placed.Add(hold.Number, (decision.HoldId!.Value, hold));
            }
        }
    }

    /// <summary>A request that has a hold asks for another one: it gets the one it has, and nothing is booked.</summary>
    private async Task HoldAgain(int process)
    {
        if (Pick(_ => true) is not { } known)
        {
            return;
        }

        // Funds suffice, so that the only reason not to book is that it was booked before.
        var lines = known.Value.Lines.Where(line => _reference.Accounts[line.Account].Available >= 1).Select(line => line with { Amount = 1 }).ToArray();
        if (lines.Length == 0)
        {
            return;
        }

        Note("hold repeated", $"{known.Value.Number} by {process}");
        var decision = await _ledger.Ledger(process).PlaceHoldAsync(Money.Order(known.Value.RequestId, lines), default);
        Assert.That(decision.HoldId, Is.EqualTo(known.Key), Story());
    }

    private async Task Settle(int process)
    {
        var known = _dice.Next(8) switch
        {
            0 => null,
            1 => Pick(hold => !hold.IsOpen),
            2 => Pick(hold => hold.State is HoldState.Disputed),
            _ => Pick(hold => hold.IsOpen),
        };
        var settlement = NewSettlement(known?.Key ?? Unique.Id(), known?.Value.Lines ?? [], out var kind);
        var wasDisputed = known?.Value.State is HoldState.Disputed;
        var outcome = _reference.Settle(settlement);
        var record = Money.Record(Unique.Id());
        var settling = _ledger.Journal(process).CloseAsync(record, settlement, default);
        Note(
            outcome switch
            {
                ReferenceOutcome.Unknown => "settle unknown refused",
                ReferenceOutcome.SettledBefore => "settle again",
                _ => wasDisputed ? "settle disputed" : kind,
            },
            $"{known?.Value.Number} by {process}: {kind}");
        if (outcome is ReferenceOutcome.Unknown)
        {
            Assert.That(async () => await settling, Throws.InstanceOf<InvalidOperationException>(), Story());
            return;
        }

        await settling;
        var saysElsewhere = record.Error?.StartsWith($"settled_elsewhere: hold {settlement.HoldId} was ", StringComparison.Ordinal) ?? false;
        Assert.That((record.HoldId, saysElsewhere), Is.EqualTo(((Guid?)settlement.HoldId, outcome is ReferenceOutcome.SettledBefore)), Story());
        Assert.That(saysElsewhere && record.Charged != 0, Is.False, Story());
    }

    private Settlement NewSettlement(Guid holdId, IReadOnlyList<HoldOrderLine> lines, out string kind)
    {
        kind = _dice.GetItems(["capture", "capture part", "capture beyond", "release"], 1)[0];
        var delivered = lines.Select(line => line.Account.Meter).Distinct().ToDictionary(meter => meter, meter => lines.Where(line => line.Account.Meter == meter).Max(line => line.Amount));
        return kind switch
        {
            "capture" => new Settlement.Capture(holdId),
            "capture part" => new Settlement.Capture(holdId, delivered.ToDictionary(pair => pair.Key, pair => (long)_dice.Next((int)pair.Value + 1))),
            "capture beyond" => new Settlement.Capture(holdId, delivered.ToDictionary(pair => pair.Key, pair => pair.Value + _dice.Next(1, 100))),
            _ => new Settlement.Release(holdId, "the dice said so"),
        };
    }

    private async Task PassTimeAsync()
    {
        var (kind, by) = _dice.Next(8) switch
        {
            0 => ("month change", TimeSpan.FromDays(_dice.Next(25, 32))),
            1 => ("clock back", -TimeSpan.FromMinutes(_dice.Next(1, 2_000))),
            < 5 => ("minutes", TimeSpan.FromMinutes(_dice.Next(1, 14))),
            _ => ("expire", HoldExpiry + TimeSpan.FromMinutes(_dice.Next(3))),
        };
        _ledger.Clock.Move(by);
        Note(kind, $"{by}, now {_ledger.Clock.Now:u}");
        if (kind == "expire")
        {
            _reference.Sweep(_ledger.Clock.Now);
            await _ledger.SweepAsync(_dice.Next(_ledger.Processes));
        }
    }

    private static AccountOrder NewOrder() => new(Unique.Id(), Unique.Id(), "the dice ordered it");

    private AccountKey NewAccount()
    {
        var meter = _dice.GetItems(Meters, 1)[0];
        return new AccountKey(
            OwnerKind.User, _dice.GetItems(_owners, 1)[0], meter, Period.Of(MeterUnits.PeriodOf(meter), _ledger.Clock.Now, Zone));
    }

    private KeyValuePair<Guid, ReferenceHold>? Pick(Func<ReferenceHold, bool> which)
    {
        var fitting = _reference.Holds.Where(pair => which(pair.Value)).OrderBy(pair => pair.Value.Number).ToList();
        return fitting.Count == 0 ? null : fitting[_dice.Next(fitting.Count)];
    }

    private void Note(string kind, string detail)
    {
        _happened[kind] = _happened.GetValueOrDefault(kind) + 1;
        lock (_lastSteps)
        {
            _lastSteps.Enqueue($"{_number}: {kind} {detail}");
            if (_lastSteps.Count > KeptSteps)
            {
                _lastSteps.Dequeue();
            }
        }
    }

    // Of operations that were started together, some may end while others start.
    private string Story()
    {
        lock (_lastSteps)
        {
            return string.Join(Environment.NewLine, _lastSteps);
        }
    }
}
