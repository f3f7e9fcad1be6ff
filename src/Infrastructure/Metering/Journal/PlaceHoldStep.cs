using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>Sets funds aside on every account of the order, or on none.</summary>
internal sealed class PlaceHoldStep(HoldOrder order, TimeSpan lifetime) : JournalStep<HoldDecision>
{
    private readonly HoldOrderLine[] _lines = [.. order.Lines.OrderBy(line => line.Account)];

    public override Guid RequestId => order.Call.RequestId;

    public override IReadOnlyList<TouchedAccount> Accounts =>
        Array.ConvertAll(_lines, line => new TouchedAccount(line.Account, line.OpeningGrant));

    public override bool WasCommitted(AppDbContext db) =>
        db.Set<Hold>().Where(hold => hold.RequestId == RequestId).Select(hold => (Guid?)hold.Id).FirstOrDefault() is { } id
        && Conclude(new HoldDecision(id, null));

    protected override HoldDecision DecideOutcome(JournalBatch batch)
    {
        if (Array.Find(_lines, line => !batch.Account(line.Account).CanHold(line.Amount)) is { } lacking)
        {
            return new HoldDecision(null, lacking.Account);
        }

        var hold = new Hold(Guid.CreateVersion7(batch.Now), order.Call, order.PriceVersionId, lifetime, batch.Now);
        batch.AddRange(Array.ConvertAll(_lines, line => hold.Take(batch.Account(line.Account), line.Amount, batch.Now)));
        if (order.Dispatched)
        {
            hold.Dispatch(batch.Now);
        }

        batch.Add(hold);
        return new HoldDecision(hold.Id, null);
    }
}
