using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>Ends a dispute as an administrator decided. Whoever decides first wins.</summary>
internal sealed class ResolveDisputeStep(DisputeVerdict verdict) : JournalStep<bool>
{
    public override Guid RequestId => verdict.RequestId;

    public override Guid? SettledHold => verdict.HoldId;

    // Nobody else decides in the same words, and who does so twice has decided the same.
    public override async Task<bool> WasCommittedAsync(AppDbContext db, CancellationToken cancellationToken) =>
        await db.Set<Hold>().AnyAsync(
            hold => hold.Id == verdict.HoldId && hold.SettledAt != null && hold.Reason == verdict.Reason, cancellationToken)
        && await db.Set<LedgerEntry>().AnyAsync(
            entry => entry.HoldId == verdict.HoldId && entry.ActorId == verdict.ActorId, cancellationToken)
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
