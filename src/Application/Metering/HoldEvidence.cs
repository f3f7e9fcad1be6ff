using AiPlatform.Domain.Metering;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Metering;

/// <summary>A hold, with everything that is known of its call.</summary>
/// <param name="Hold">The hold: the call, the caller, the route, the price version, the times.</param>
/// <param name="Lines">What is set aside, an account a line.</param>
/// <param name="Audit">The call's audit record; <see langword="null"/> where its process died before it wrote one.</param>
public sealed record HoldEvidence(Hold Hold, IReadOnlyList<HeldAmount> Lines, AuditEvidence? Audit)
{
    /// <summary>The models of which the call asked one or more, in their order; none where it could ask one at most.</summary>
    public IReadOnlyList<PricedCandidate> Candidates { get; init; } = [];
}

/// <summary>What a hold set aside on one account.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="Account">Whose, of what, for which period.</param>
/// <param name="Amount">How much, in the meter's smallest unit.</param>
public sealed record HeldAmount(Guid AccountId, AccountKey Account, long Amount);

/// <summary>What the audit trail says of a call.</summary>
/// <param name="Status">The HTTP status answered.</param>
/// <param name="Error">The refusal or the failure.</param>
/// <param name="StartedAt">When the call arrived, UTC.</param>
public sealed record AuditEvidence(int Status, string? Error, DateTimeOffset StartedAt);

internal static class HoldEvidenceReader
{
    /// <summary>Holds that a process left behind: expired, and neither settled nor disputed yet. The sweeper decides on them next.</summary>
    /// <param name="holds">The holds.</param>
    /// <param name="now">The time.</param>
    public static IQueryable<Hold> Unresolved(this IQueryable<Hold> holds, DateTimeOffset now) =>
        holds.Where(hold => hold.SettledAt == null && (hold.State == HoldState.Held || hold.State == HoldState.Dispatched) && hold.ExpiresAt <= now);

    /// <summary>Holds that wait for an administrator.</summary>
    /// <param name="holds">The holds.</param>
    public static IQueryable<Hold> Disputed(this IQueryable<Hold> holds) => holds.Where(hold => hold.SettledAt == null && hold.State == HoldState.Disputed);

    /// <summary>Reads holds with their evidence, those that expired first before the others.</summary>
    /// <param name="db">The tables.</param>
    /// <param name="holds">Which holds.</param>
    /// <param name="skip">How many to pass over.</param>
    /// <param name="take">How many to read.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<List<HoldEvidence>> ReadEvidenceAsync(
        this IMeteringDb db, IQueryable<Hold> holds, int skip, int take, CancellationToken cancellationToken)
    {
        var page = await holds.OrderBy(hold => hold.ExpiresAt).ThenBy(hold => hold.Id).Skip(skip).Take(take).ToListAsync(cancellationToken);
        var requests = page.ConvertAll(hold => hold.RequestId);
        var lines = await (
            from entry in db.LedgerEntries
            join account in db.LedgerAccounts on entry.AccountId equals account.Id
            where requests.Contains(entry.RequestId) && entry.Kind == EntryKind.Hold
            select new { entry.HoldId, entry.HeldDelta, Account = account }).ToListAsync(cancellationToken);
        var records = await db.AuditRecords.Where(record => requests.Contains(record.Id))
            .Select(record => new { record.Id, Evidence = new AuditEvidence(record.Status, record.Error, record.StartedAt) })
            .ToDictionaryAsync(record => record.Id, record => record.Evidence, cancellationToken);
        var ids = page.ConvertAll(hold => hold.Id);
        var candidates = (await db.HoldCandidates.Where(candidate => ids.Contains(candidate.HoldId)).ToListAsync(cancellationToken))
            .OrderBy(candidate => candidate.Position)
            .ToLookup(candidate => candidate.HoldId, candidate => new PricedCandidate(candidate.Model, candidate.PriceVersionId));
        var byHold = lines.ToLookup(line => line.HoldId, line => new HeldAmount(line.Account.Id, line.Account.Key, line.HeldDelta));
        return page.ConvertAll(hold => new HoldEvidence(
            hold, [.. byHold[hold.Id].OrderBy(line => line.Account)], records.GetValueOrDefault(hold.RequestId))
        {
            Candidates = [.. candidates[hold.Id]],
        });
    }
}
