using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>
/// The idempotency keys that a batch decides over, locked. Two calls with one key in one batch see each other here; two in
/// different processes meet at the primary key, and whoever comes second is decided anew.
/// </summary>
internal sealed class IdempotentCalls(AppDbContext db, Dictionary<Guid, IdempotentCall> calls, Dictionary<Guid, HoldState> outcomes, DateTimeOffset now)
{
    /// <summary>Locks the keys of a batch, before its holds and accounts, in the order of their ids. No key, no statement.</summary>
    public static async Task<IdempotentCalls> LockAsync(
        AppDbContext db, IReadOnlyList<JournalStep> steps, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Guid[] ids = [.. steps.Select(step => step.IdempotencyKey).OfType<Guid>().Distinct()];
        if (ids.Length == 0)
        {
            return new IdempotentCalls(db, [], [], now);
        }

        var calls = await Locked(db, ids).AsTracking().ToDictionaryAsync(call => call.Id, cancellationToken);

        // Read after the lock: until then, a key can have gone to another hold.
        var holds = calls.Values.Select(call => call.HoldId).ToArray();
        var outcomes = await db.Set<Hold>().Where(hold => holds.Contains(hold.Id))
            .Select(hold => new { hold.Id, hold.State })
            .ToDictionaryAsync(hold => hold.Id, hold => hold.State, cancellationToken);
        return new IdempotentCalls(db, calls, outcomes, now);
    }

    /// <summary>The call that has a key; <see langword="null"/> where the key is free.</summary>
    public IdempotentCall? Find(Guid key) =>
        calls.TryGetValue(key, out var call) && !call.IsFree(outcomes.GetValueOrDefault(call.HoldId, HoldState.Released), now) ? call : null;

    /// <summary>Gives a free key to the call of a hold.</summary>
    public void Claim(IdempotencyKey key, Hold hold, TimeSpan lifetime)
    {
        if (calls.TryGetValue(key.Id, out var freed))
        {
            freed.TakeOver(key, hold, lifetime);
        }
        else
        {
            calls[key.Id] = new IdempotentCall(key, hold, lifetime);
            db.Add(calls[key.Id]);
        }

        outcomes[hold.Id] = hold.State;
    }

    /// <summary>Keeps the answer of a call that still has its key. A charge does not fail for want of a place for its answer.</summary>
    public void Keep(KeptAnswer answer, Hold hold)
    {
        if (calls.TryGetValue(answer.KeyId, out var call) && call.HoldId == hold.Id)
        {
            call.Keep(hold.Id, answer.Sealed);
        }
    }

    private static IQueryable<IdempotentCall> Locked(AppDbContext db, Guid[] ids)
    {
        if (db.Database.IsNpgsql())
        {
            return db.Set<IdempotentCall>().FromSqlRaw("SELECT * FROM idempotency_keys WHERE id = ANY ({0}) ORDER BY id FOR UPDATE", ids);
        }

        return db.Database.IsSqlServer()
            ? db.Set<IdempotentCall>().FromSqlRaw(
                "SELECT * FROM idempotency_keys WITH (UPDLOCK, ROWLOCK) WHERE id IN (SELECT CAST(value AS uniqueidentifier) FROM OPENJSON({0}))",
                System.Text.Json.JsonSerializer.Serialize(ids))
            : db.Set<IdempotentCall>().Where(call => ids.Contains(call.Id));
    }
}
