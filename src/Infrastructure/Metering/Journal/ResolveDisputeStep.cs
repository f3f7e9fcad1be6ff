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
        db.Set<Hold>().Any(
            hold => hold.Id == verdict.HoldId && hold.SettledAt != null && hold.Reason == verdict.Reason)
        && db.Set<LedgerEntry>().Any(
            entry => entry.HoldId == verdict.HoldId && entry.ActorId == verdict.ActorId)
        && Conclude(true);

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
