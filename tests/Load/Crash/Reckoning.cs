using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Operations;

namespace AiPlatform.Load.Crash;

/// <summary>Matches every call with its hold, its entries, its charge and its audit record.</summary>
internal sealed class Reckoning(Books books, IReadOnlyCollection<CrashCall> calls, long price)
{
    // The server takes the time of a hold a little before it writes it.
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(50);

    private readonly Verdict _verdict = new();

    /// <summary>Open holds whose call left no audit record, so that only the upstream and an administrator know more.</summary>
    private readonly List<Hold> _open = [.. books.HoldsByRequest.Values
        .Where(hold => hold.IsOpen)
        .ExceptBy(books.Records.Select(record => record.Id), hold => hold.RequestId)
        .OrderBy(hold => hold.CreatedAt)];

    public Verdict Judge()
    {
        var records = books.Records.Where(record => record.CorrelationId is not null).ToLookup(record => record.CorrelationId!);
        var silent = new List<CrashCall>();
        foreach (var call in calls)
        {
            var own = records[call.Marker].ToList();
            if (own.Count > 1 || call.Answered > 1)
            {
                _verdict.Double.Add($"{call}: {own.Count} audit records");
            }
            else if (own.Count == 1)
            {
                Judge(call, own[0]);
            }
            else
            {
                silent.Add(call);
            }
        }

        JudgeSilent(silent);
        JudgeHolds();
        JudgeAccounts();
        return _verdict;
    }

    /// <summary>The call left a record: record, hold and entries must say the same, and the upstream must agree.</summary>
    private void Judge(CrashCall call, AuditRecord record)
    {
        var hold = books.HoldsByRequest.GetValueOrDefault(record.Id);
        var story = $"{call}; record {record.Id} says status {record.Status}, charged {record.Charged}, error {record.Error ?? "none"}; hold {hold?.Id} is {hold?.State}";
        var isPaid = hold?.State is HoldState.Captured;
        if ((record.HoldId, record.Charged) != (hold is { State: HoldState.Captured or HoldState.Released } ? hold.Id : null, isPaid ? price : 0))
        {
            (record.Charged > 0 || isPaid ? _verdict.Double : _verdict.Lost).Add($"record and hold differ: {story}");
        }
        else if (call.Answered > 0 && !isPaid && hold is not { IsOpen: true })
        {
            _verdict.Lost.Add($"answered and not paid: {story}");
        }
        else if (call.Answered == 0 && isPaid)
        {
            _verdict.Double.Add($"paid without an answer: {story}");
        }
        else if (call.Status == 200 && record.Status != 200)
        {
            _verdict.Lost.Add($"the client has an answer that the record denies: {story}");
        }
        else if (hold is { IsOpen: true })
        {
            _verdict.Unresolved.Add(story);
        }
    }

    /// <summary>
    /// These calls left no record. Each that reached the upstream must have left an open hold: of its user, placed after the
    /// client sent the call and before the upstream was asked. A hold explains one call.
    /// </summary>
    private void JudgeSilent(List<CrashCall> silent)
    {
        var free = _open.ToLookup(hold => hold.UserId).ToDictionary(holds => holds.Key, holds => holds.ToList());
        foreach (var call in silent.Where(call => call.Asked > 0).OrderBy(call => call.AskedAt))
        {
            // Of the holds that fit, the calls that were asked earliest take the earliest: if any matching is whole, this is.
            var fitting = free.GetValueOrDefault(call.UserId)?
                .FindIndex(hold => hold.CreatedAt >= call.SentAt - Slack && hold.CreatedAt <= call.AskedAt + Slack) ?? -1;
            if (fitting < 0)
            {
                _verdict.Lost.Add($"no record and no hold: {call}");
                continue;
            }

            _verdict.Unresolved.Add($"{Describe(free[call.UserId][fitting])}; {call}");
            free[call.UserId].RemoveAt(fitting);
        }

        foreach (var call in silent.Where(call => call is { Asked: 0, Status: 200 }))
        {
            _verdict.Lost.Add($"answered without record or upstream: {call}");
        }

        _verdict.Unresolved.AddRange(free.Values.SelectMany(holds => holds).Select(hold => $"{Describe(hold)}; the upstream was never asked"));
    }

    private void JudgeHolds()
    {
        var recorded = books.Records.Select(record => record.Id).ToHashSet();
        foreach (var hold in books.HoldsByRequest.Values)
        {
            var entries = books.EntriesByHold[hold.Id].ToList();
            var (held, captured, released) = (Count(EntryKind.Hold), Count(EntryKind.Capture), Count(EntryKind.Release));
            var expected = hold.State switch
            {
                HoldState.Captured => (1, 1, 0),
                HoldState.Released => (1, 0, 1),
                _ => (1, 0, 0),
            };
            if ((held, captured, released) != expected || entries.Sum(entry => entry.SpentDelta) != captured * price)
            {
                (captured > 1 ? _verdict.Double : _verdict.Lost).Add($"{Describe(hold)} has {held} hold, {captured} capture and {released} release entries");
            }

            if (hold.State is HoldState.Captured && !recorded.Contains(hold.RequestId))
            {
                _verdict.Lost.Add($"{Describe(hold)} is paid and has no audit record");
            }

            int Count(EntryKind kind) => entries.Count(entry => entry.Kind == kind);
        }
    }

    private void JudgeAccounts()
    {
        var answered = calls.GroupBy(call => call.UserId).ToDictionary(own => own.Key, own => own.Sum(call => call.Answered) * price);
        foreach (var account in books.Accounts)
        {
            var entries = books.EntriesByAccount[account.Id].OrderBy(entry => entry.Sequence).ToList();
            var sums = (entries.Sum(entry => entry.GrantedDelta), entries.Sum(entry => entry.HeldDelta), entries.Sum(entry => entry.SpentDelta));
            var story = $"account {account.Id} of {account.OwnerId}: granted {account.Granted}, held {account.Held}, spent {account.Spent}, {account.EntryCount} entries";
            if (account.Available < 0 || answered.GetValueOrDefault(account.OwnerId) > account.Granted)
            {
                _verdict.Overspent.Add($"{story}; the upstream answered for {answered.GetValueOrDefault(account.OwnerId)}");
            }

            if (sums != (account.Granted, account.Held, account.Spent) || !IsUnbroken(entries) || entries.Count != account.EntryCount)
            {
                _verdict.Overspent.Add($"{story}; its {entries.Count} entries add up to {sums}, or their sequence or balances are broken");
            }
        }
    }

    private static bool IsUnbroken(List<LedgerEntry> entries)
    {
        var available = 0L;
        return entries.Select((entry, index) =>
        {
            available += entry.GrantedDelta - entry.HeldDelta - entry.SpentDelta;
            return entry.Sequence == index + 1 && entry.AvailableAfter == available && available >= 0;
        }).All(isRight => isRight);
    }

    private static string Describe(Hold hold) =>
        $"hold {hold.Id} of request {hold.RequestId}, user {hold.UserId}, {hold.RouteKey}, placed {hold.CreatedAt:HH:mm:ss.ffffff}, "
        + $"dispatched {hold.DispatchedAt:HH:mm:ss.ffffff}, {hold.State} ({hold.Reason})";
}
