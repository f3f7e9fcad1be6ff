using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>Sets funds aside on every account of the order, or on none.</summary>
internal sealed class PlaceHoldStep(HoldOrder order, TimeSpan lifetime, TimeSpan keyLifetime) : JournalStep<HoldDecision>
{
    public override Guid RequestId => order.Call.RequestId;

    public override IReadOnlyList<TouchedAccount> Accounts { get; } =
        [.. order.Lines.Select(line => new TouchedAccount(line.Account, line.OpeningGrant))];

    public override Guid? IdempotencyKey => order.Key?.Id;

    public override bool WasCommitted(AppDbContext db) =>
        db.Set<Hold>().Where(hold => hold.RequestId == RequestId).Select(hold => (Guid?)hold.Id).FirstOrDefault() is { } id
        && Conclude(new HoldDecision(id, null) { AnswerTokens = AnswerTokensOf(db, id) });

    protected override HoldDecision DecideOutcome(JournalBatch batch)
    {
        if (order.Key is { } taken && batch.Keys.Find(taken.Id) is { } other)
        {
            return new HoldDecision(null, null) { Conflict = other.IsSame(taken) ? IdempotencyErrors.InProgress : IdempotencyErrors.KeyReused };
        }

        var fit = order.Fit(key => batch.Account(key).ToBalance());
        if (fit.Lacking is { } lacking)
        {
            return new HoldDecision(null, lacking);
        }

        var hold = new Hold(Guid.CreateVersion7(batch.Now), order.Call, order.PriceVersionId, lifetime, batch.Now);
        batch.AddRange(order.Lines.Select(line =>
            hold.Take(batch.Account(line.Account), line.Ceiling.At(fit.AnswerTokens), batch.Now, line.PriceVersionId)).ToList());
        if (order.Dispatched)
        {
            hold.Dispatch(batch.Now);
        }

        batch.Add(hold);
        batch.AddRange(order.Candidates.Select((candidate, position) => new HoldCandidate(hold, position, candidate)));
        if (order.Key is { } key)
        {
            batch.Keys.Claim(key, hold, keyLifetime);
        }

        return new HoldDecision(hold.Id, null) { AnswerTokens = fit.AnswerTokens };
    }

    /// <summary>The longest answer that the amounts in the ledger pay.</summary>
    private int AnswerTokensOf(AppDbContext db, Guid holdId)
    {
        var held = db.Set<LedgerEntry>().AsNoTracking()
            .Where(entry => entry.RequestId == RequestId && entry.HoldId == holdId && entry.Kind == EntryKind.Hold)
            .Join(db.Set<LedgerAccount>(), entry => entry.AccountId, account => account.Id, (entry, account) => new { account, entry.HeldDelta })
            .ToList();
        return order.Fit(key => new AccountBalance(key, held.FirstOrDefault(row => row.account.Key == key)?.HeldDelta ?? 0, 0, 0)).AnswerTokens;
    }
}
