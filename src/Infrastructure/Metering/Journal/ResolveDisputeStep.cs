using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>Ends a dispute as an administrator decided. Whoever decides first wins.</summary>
internal sealed class ResolveDisputeStep(DisputeVerdict verdict) : JournalStep<bool>
{
    public override Guid RequestId => verdict.RequestId;

    public override IReadOnlyList<Guid> SettledHolds => [verdict.HoldId];

    // Nobody else decides in the same words, and who does so twice has decided the same.
    public override bool WasCommitted(AppDbContext db) =>
        db.Set<Hold>()
            .Where(hold => hold.Id == verdict.HoldId && hold.State == Ended && hold.Reason == verdict.Reason)
            .Join(db.Set<LedgerEntry>(), hold => hold.RequestId, entry => entry.RequestId, (hold, entry) => entry.ActorId)
            .Any(actor => actor == verdict.ActorId)
        && Conclude(true);

    private HoldState Ended => verdict.Delivered is null ? HoldState.Released : HoldState.Captured;

    protected override bool DecideOutcome(JournalBatch batch)
    {
        var hold = batch.Hold(verdict.HoldId);
        if (hold.State is not HoldState.Disputed)
        {
            return false;
        }

        batch.AddRange(hold.Resolve(batch.Accounts, verdict.Delivered, verdict.Reason, verdict.ActorId, batch.Now));
        return true;
    }
}
