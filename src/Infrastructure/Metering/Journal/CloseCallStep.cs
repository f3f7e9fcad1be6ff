using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>
/// Writes the record of a call and settles its hold. A hold that somebody else settled meanwhile stays as it is: the record is
/// written all the same, says so, and charges nothing.
/// </summary>
internal sealed class CloseCallStep(AuditRecord record, Settlement? settlement) : JournalStep<CallReceipt?>
{
    // As the call ended. A batch that failed is decided anew, and may find then what it did not find before.
    private readonly string? _error = record.Error;

    /// <summary>What the call was spared, where it was given an earlier answer.</summary>
    public SavedCall? Saved { get; init; }

    public override Guid RequestId => record.Id;

    public override IReadOnlyList<Guid> SettledHolds => settlement is null ? [] : [settlement.HoldId];

    public override bool AlwaysSettles => settlement is not Settlement.Leave;

    public override bool CanRunAhead => AlwaysSettles && IdempotencyKey is null;

    public override Guid? IdempotencyKey => settlement switch
    {
        Settlement.Capture { Answer: { } answer } => answer.KeyId,
        Settlement.Leave { Answer: { } answer } => answer.KeyId,
        _ => null,
    };

    protected override CallReceipt? DecideOutcome(JournalBatch batch)
    {
        CallReceipt? receipt = null;
        if (settlement is Settlement.Leave left)
        {
            Leave(left, batch);
        }
        else if (settlement is not null)
        {
            var hold = batch.Hold(settlement.HoldId);
            if (hold.IsOpen)
            {
                receipt = Settle(settlement, hold, batch);
            }
            else
            {
                record.Charge(hold.Id, 0, ErrorOf(hold));
            }
        }

        batch.Add(record);
        if (Saved is not null)
        {
            batch.Add(Saved);
        }

        return receipt;
    }

    /// <summary>A later call may have taken the place of the hold already; the answer of this one is what it was.</summary>
    private void Leave(Settlement.Leave left, JournalBatch batch)
    {
        var hold = batch.Hold(left.HoldId);
        record.Charge(hold.Id, 0, _error);
        if (left.Answer is { } answer)
        {
            batch.Keys.Keep(answer, hold);
        }
    }

    private CallReceipt Settle(Settlement outcome, Hold hold, JournalBatch batch)
    {
        var entries = outcome switch
        {
            Settlement.Capture capture => hold.Capture(batch.Accounts, capture.Delivered, batch.Now, modelPriceId: capture.ModelPriceId),
            Settlement.Release release => hold.Release(batch.Accounts, AuditText.Cut(release.Reason, HoldConfiguration.MaxReasonLength)!, batch.Now),
            _ => throw new InvalidOperationException($"No rule settles a {outcome.GetType().Name}."),
        };
        batch.AddRange(entries);
        batch.AddRange(Losses(hold, batch));
        if (outcome is Settlement.Capture { Usage: { } usage })
        {
            batch.Add(new UsageRecord(hold, usage.ApiKeyId, usage.Delivery, OwnTokens(entries, batch), batch.Now));
        }

        if (outcome is Settlement.Capture { Answer: { } answer })
        {
            batch.Keys.Keep(answer, hold);
        }

        record.Charge(hold.Id, Credits(entries, batch), _error);
        return ReceiptOf(entries, batch);
    }

    private static CallReceipt ReceiptOf(IReadOnlyList<LedgerEntry> entries, JournalBatch batch)
    {
        var meters = new List<MeterReceipt>(entries.Count);
        foreach (var entry in entries)
        {
            var account = batch.Accounts[entry.AccountId];
            var line = new MeterReceipt(account.Meter, entry.SpentDelta, account.Available);
            var known = meters.FindIndex(other => other.Meter == line.Meter);
            if (known < 0)
            {
                meters.Add(line);
            }
            else
            {
                meters[known] = line with
                {
                    Paid = Math.Max(line.Paid, meters[known].Paid),
                    Available = Math.Min(line.Available, meters[known].Available),
                };
            }
        }

        return new CallReceipt(meters);
    }

    private string? ErrorOf(Hold hold)
    {
        var elsewhere = $"settled_elsewhere: hold {hold.Id} was {(hold.State is HoldState.Captured ? "captured" : "released")} before the call ended";
        return AuditText.Cut(_error is null ? elsewhere : $"{elsewhere}; {_error}", AuditRecord.MaxErrorLength);
    }

    // Money, tokens and credits do not add up; the record tells the credits.
    private static long Credits(IReadOnlyList<LedgerEntry> entries, JournalBatch batch) =>
        entries.Where(entry => batch.Accounts[entry.AccountId].Meter is Meter.Credits).Sum(entry => entry.SpentDelta);

    private static long OwnTokens(IReadOnlyList<LedgerEntry> entries, JournalBatch batch) => entries
        .Where(entry => batch.Accounts[entry.AccountId] is { OwnerKind: OwnerKind.User, Meter: Meter.Tokens })
        .Sum(entry => entry.SpentDelta);

    public override bool WasCommitted(AppDbContext db) =>
        db.Set<AuditRecord>().Any(known => known.Id == record.Id)
        && IsSettled(db)
        && Conclude(null);

    private bool IsSettled(AppDbContext db) =>
        settlement is null or Settlement.Leave
        || db.Set<Hold>().Any(hold => hold.Id == settlement.HoldId && hold.SettledAt != null);

    private IEnumerable<PlatformLoss> Losses(Hold hold, JournalBatch batch) =>
        settlement is Settlement.Capture { Delivered: { } delivered }
            ? from meter in delivered
              let held = hold.Lines.Where(line => batch.Accounts[line.AccountId].Meter == meter.Key).Select(line => line.Amount).DefaultIfEmpty().Max()
              where meter.Value > held && held > 0
              select new PlatformLoss(hold, meter.Key, meter.Value - held, batch.Now)
            : [];
}
