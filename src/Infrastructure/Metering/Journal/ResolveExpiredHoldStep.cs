using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>
/// The written rule for a hold whose call never closed, because its process died: what was never sent is given back; what was
/// sent is left to an administrator, because nobody knows what was delivered, and nobody is charged on a guess.
/// </summary>
internal sealed class ResolveExpiredHoldStep(Guid holdId, Guid requestId) : JournalStep<HoldState>
{
    public override Guid RequestId => requestId;

    public override IReadOnlyList<Guid> SettledHolds => [holdId];

    // A hold that is resolved already is passed over, so the step can simply be tried again.
    public override bool WasCommitted(AppDbContext db) => false;

    protected override HoldState DecideOutcome(JournalBatch batch)
    {
        var hold = batch.Hold(holdId);
        if (hold.ExpiresAt > batch.Now)
        {
            return hold.State;
        }

        switch (hold.State)
        {
            case HoldState.Held:
                batch.AddRange(hold.Release(batch.Accounts, "expired before it was sent", batch.Now));
                break;
            case HoldState.Dispatched:
                hold.Dispute("expired after it was sent; what was delivered is unknown");
                break;
        }

        return hold.State;
    }
}
