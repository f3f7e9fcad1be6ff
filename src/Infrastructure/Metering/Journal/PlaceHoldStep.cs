using AiPlatform.Application.Metering.Contracts;
using AiPlatform.Domain.Metering;
using AiPlatform.Domain.Shared;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>Sets funds aside on every account of the order, or on none.</summary>
internal sealed class PlaceHoldStep(HoldOrder order, TimeSpan lifetime, TimeSpan keyLifetime) : JournalStep<HoldDecision>
{
    public override Guid RequestId => order.Call.RequestId;

    public override IReadOnlyList<TouchedAccount> Accounts { get; } =
        [.. order.Lines.Select(line => new TouchedAccount(line.Account, line.OpeningGrant))];

    public override IReadOnlyList<Guid> SettledHolds => order.Replaces;

    public override Guid? IdempotencyKey => order.Key?.Id;

    // Whether a reservation is still there, and who has a key, is read.
    public override bool CanRunAhead => order.Key is null && order.Replaces.Count == 0;

    // A refusal changes nothing, and may rest on a balance that somebody else has raised.
    public override bool IsEffective => Decided.HoldId is not null;

    public override bool WasCommitted(AppDbContext db) =>
        db.Set<Hold>().Where(hold => hold.RequestId == RequestId).Select(hold => (Guid?)hold.Id).FirstOrDefault() is { } id
        && Conclude(new HoldDecision(id, null) { AnswerTokens = AnswerTokensOf(db, id), Balances = BalancesOf(db) });

    protected override HoldDecision DecideOutcome(JournalBatch batch)
    {
        if (order.Key is { } taken && batch.Keys.Find(taken.Id) is { } other)
        {
            return new HoldDecision(null, null) { Conflict = other.IsSame(taken) ? IdempotencyErrors.InProgress : IdempotencyErrors.KeyReused };
        }

        var replaced = Replaced(batch);
        var fit = order.Fit(key => StandingWithout(replaced, batch.Account(key)));
        if (fit.Lacking is { } lacking)
        {
            return new HoldDecision(null, lacking);
        }

        foreach (var earlier in replaced)
        {
            batch.AddRange(earlier.Release(batch.Accounts, $"replaced by request {RequestId}", batch.Now));
        }

        return new HoldDecision(Place(fit.AnswerTokens, batch).Id, null)
        {
            AnswerTokens = fit.AnswerTokens,
            Balances = [.. order.Lines.Select(line => batch.Account(line.Account).ToBalance())],
        };
    }

    private Hold Place(int answerTokens, JournalBatch batch)
    {
        var hold = new Hold(EntityIds.New(batch.Now), order.Call, order.PriceVersionId, lifetime, batch.Now);
        batch.AddRange(order.Lines.Select(line =>
            hold.Take(batch.Account(line.Account), line.Ceiling.At(answerTokens), batch.Now, line.PriceVersionId)).ToList());
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

        return hold;
    }

    /// <summary>The holds that this one takes the place of: as many as cover it, of those that are still held.</summary>
    private List<Hold> Replaced(JournalBatch batch)
    {
        var replaced = new List<Hold>();
        var missing = order.Replaces.Count == 0 ? 0 : order.Lines.Max(line => line.Amount);
        foreach (var id in order.Replaces)
        {
            if (missing <= 0)
            {
                break;
            }

            if (batch.Hold(id) is { State: HoldState.Held } earlier && LiesOnTheSameOwners(earlier, batch))
            {
                replaced.Add(earlier);
                missing -= earlier.Lines.Max(line => line.Amount);
            }
        }

        return replaced;
    }

    // A hold of last month's account serves this month's call: what counts is whose it is and of what.
    private bool LiesOnTheSameOwners(Hold earlier, JournalBatch batch) => earlier.Lines
        .Select(line => batch.Accounts[line.AccountId].Key)
        .Select(key => (key.OwnerKind, key.OwnerId, key.Meter))
        .ToHashSet()
        .SetEquals(order.Lines.Select(line => (line.Account.OwnerKind, line.Account.OwnerId, line.Account.Meter)));

    private static AccountBalance StandingWithout(List<Hold> replaced, LedgerAccount account)
    {
        var standing = account.ToBalance();
        if (replaced.Count == 0)
        {
            return standing;
        }

        var freed = replaced.SelectMany(hold => hold.Lines).Where(line => line.AccountId == account.Id).Sum(line => line.Amount);
        return standing with { Held = standing.Held - freed };
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

    private List<AccountBalance> BalancesOf(AppDbContext db)
    {
        var owners = order.Lines.Select(line => line.Account.OwnerId).ToList();
        var periods = order.Lines.Select(line => line.Account.Period).ToList();
        var accounts = db.Set<LedgerAccount>().AsNoTracking()
            .Where(account => owners.Contains(account.OwnerId) && periods.Contains(account.Period))
            .ToList();
        return [.. order.Lines.Select(line => accounts.Single(account => account.Key == line.Account).ToBalance())];
    }
}
