using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>
/// The idempotency keys that a batch decides over. Two calls with one key in one batch see each other here; two in different
/// processes meet at the primary key, or at the guard on who has the key, and whoever comes second is decided anew.
/// </summary>
internal sealed class IdempotentCalls(DateTimeOffset now)
{
    private readonly Dictionary<Guid, IdempotentCall> _calls = [];
    private readonly Dictionary<Guid, HoldState> _outcomes = [];
    private readonly HashSet<IdempotentCall> _added = [];
    private readonly Dictionary<IdempotentCall, Guid> _changed = [];

    /// <summary>The keys that were free until now.</summary>
    public IReadOnlyCollection<IdempotentCall> Added => _added;

    /// <summary>The keys that have another call or an answer now, with the request that they were read with.</summary>
    public IReadOnlyDictionary<IdempotentCall, Guid> Changed => _changed;

    /// <summary>Reads the keys that the steps name. No key, no statement.</summary>
    public static IdempotentCalls Read(IDbContextFactory<AppDbContext> contexts, IReadOnlyList<JournalStep> steps, DateTimeOffset now)
    {
        var read = new IdempotentCalls(now);
        var ids = steps.Select(step => step.IdempotencyKey).OfType<Guid>().Distinct().ToList();
        if (ids.Count > 0)
        {
            using var db = contexts.CreateDbContext();
            read.Read(db, ids);
        }

        return read;
    }

    /// <summary>The call that has a key; <see langword="null"/> where the key is free.</summary>
    public IdempotentCall? Find(Guid key) =>
        _calls.TryGetValue(key, out var call) && !call.IsFree(OutcomeOf(call), now) ? call : null;

    /// <summary>Gives a free key to the call of a hold.</summary>
    public void Claim(IdempotencyKey key, Hold hold, TimeSpan lifetime)
    {
        if (_calls.TryGetValue(key.Id, out var freed))
        {
            NoteChange(freed);
            freed.TakeOver(key, hold, lifetime);
        }
        else
        {
            _calls[key.Id] = new IdempotentCall(key, hold, lifetime);
            _added.Add(_calls[key.Id]);
        }

        _outcomes[hold.Id] = hold.State;
    }

    /// <summary>Gives a free key to a call that is carried out and answered here.</summary>
    public void Claim(IdempotencyKey key, AnsweredCall answered, TimeSpan lifetime)
    {
        if (_calls.TryGetValue(key.Id, out var freed))
        {
            NoteChange(freed);
            freed.TakeOver(key, answered, lifetime);
        }
        else
        {
            _calls[key.Id] = new IdempotentCall(key, answered, lifetime);
            _added.Add(_calls[key.Id]);
        }
    }

    /// <summary>Keeps the answer of a call that still has its key. A charge does not fail for want of a place for its answer.</summary>
    public void Keep(KeptAnswer answer, Hold hold)
    {
        if (_calls.TryGetValue(answer.KeyId, out var call) && call.HoldId == hold.Id)
        {
            NoteChange(call);
            call.Keep(hold.Id, answer.Sealed);
        }
    }

    private void NoteChange(IdempotentCall call)
    {
        if (!_added.Contains(call))
        {
            _changed.TryAdd(call, call.RequestId);
        }
    }

    private HoldState? OutcomeOf(IdempotentCall call) =>
        call.HoldId is { } hold ? _outcomes.GetValueOrDefault(hold, HoldState.Released) : null;

    private void Read(AppDbContext db, List<Guid> ids)
    {
        foreach (var call in db.Set<IdempotentCall>().AsNoTracking().Where(call => ids.Contains(call.Id)))
        {
            _calls[call.Id] = call;
        }

        // Read after the keys: a hold that has ended stays ended, so a key that looks free is.
        var holds = _calls.Values.Select(call => call.HoldId).OfType<Guid>().ToList();
        foreach (var hold in db.Set<Hold>().Where(hold => holds.Contains(hold.Id)).Select(hold => new { hold.Id, hold.State }))
        {
            _outcomes[hold.Id] = hold.State;
        }
    }
}
