using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Shared;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>What became of an order.</summary>
/// <param name="Balance">The account as the order left it; <see langword="null"/> where the account cannot take it.</param>
/// <param name="Conflict">Another call has the order's idempotency key: why this one is not carried out.</param>
internal readonly record struct Booking(AccountBalance? Balance, Error? Conflict = null);

/// <summary>
/// Books on one account what somebody orders. An order that carries an idempotency key takes it, with its answer, in the same commit: it
/// has no moment in which it still runs, and so no hold.
/// </summary>
internal abstract class OrderStep(TouchedAccount touched, AccountOrder order, TimeSpan keyLifetime) : JournalStep<Booking>
{
    public sealed override Guid RequestId => order.RequestId;

    public sealed override IReadOnlyList<TouchedAccount> Accounts => [touched];

    public sealed override Guid? IdempotencyKey => order.Once?.Key.Id;

    /// <summary>The kind of the entry that is booked.</summary>
    protected abstract EntryKind Kind { get; }

    public sealed override bool WasCommitted(AppDbContext db)
    {
        var key = touched.Key;
        var account = db.Set<LedgerAccount>().AsNoTracking().FirstOrDefault(
            row => row.OwnerId == key.OwnerId && row.OwnerKind == key.OwnerKind && row.Meter == key.Meter && row.Period == key.Period);
        return account is not null && WasBooked(account, db) && Conclude(new Booking(account.ToBalance()));
    }

    protected sealed override Booking DecideOutcome(JournalBatch batch)
    {
        if (order.Once is { Key: var taken } && batch.Keys.Find(taken.Id) is { } other)
        {
            return new Booking(null, other.IsSame(taken) ? IdempotencyErrors.InProgress : IdempotencyErrors.KeyReused);
        }

        var account = batch.Account(touched.Key);
        if (!TryBook(account, order.ToCause(), batch))
        {
            return default;
        }

        var balance = account.ToBalance();
        if (order.Once is { } once)
        {
            batch.Keys.Claim(once.Key, new AnsweredCall(RequestId, order.ActorId, once.Answer(balance), batch.Now), keyLifetime);
        }

        return new Booking(balance);
    }

    /// <summary>Books.</summary>
    /// <returns>Whether the account can take it.</returns>
    protected abstract bool TryBook(LedgerAccount account, EntryCause cause, JournalBatch batch);

    // Made anew, an order would undo what others booked since. Its entry tells whether a commit that was cut off went through, and its key
    // where there was nothing to book. The entry that opened the account has no actor.
    private bool WasBooked(LedgerAccount account, AppDbContext db) =>
        db.Set<LedgerEntry>().Any(
            entry => entry.AccountId == account.Id && entry.RequestId == RequestId && entry.Kind == Kind && entry.ActorId != null)
        || (order.Once is { Key.Id: var key } && db.Set<IdempotentCall>().Any(call => call.Id == key && call.RequestId == RequestId));
}

internal static class OrderCauses
{
    public static EntryCause ToCause(this AccountOrder order) => new(order.RequestId, ActorId: order.ActorId, Reason: order.Reason);
}
