using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Metering;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Metering;

/// <summary>Holds every account against the sum of its entries and its open holds.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "reconcile the ledger")]
[OmitBodiesFromAudit]
public sealed record ReconcileLedgerQuery : IRequest<Reconciliation>
{
    /// <summary>Most accounts of one answer.</summary>
    public const int HighestMaxAccounts = 100_000;

    /// <summary>Accounts of one answer where nothing else is asked.</summary>
    public const int DefaultMaxAccounts = 10_000;

    /// <summary>Most accounts that are listed because they differ; the rest is for the next answer.</summary>
    public const int MaxDifferences = 100;

    /// <summary>Most holds of each kind that are listed; <c>GET /admin/ledger/disputes</c> has the others.</summary>
    public const int MaxHolds = 20;

    /// <summary>Where an earlier answer stopped: its last account.</summary>
    public Supplied<Guid> Cursor { get; init; }

    /// <summary>Most accounts to look at, 1 to <see cref="HighestMaxAccounts"/>.</summary>
    public Supplied<int> MaxAccounts { get; init; }
}

/// <summary>What became of a reconciliation.</summary>
/// <param name="Accounts">How many accounts were looked at.</param>
/// <param name="Entries">How many entries they have.</param>
/// <param name="Differences">The accounts that are not what their entries say.</param>
/// <param name="Disputed">Holds that wait for an administrator.</param>
/// <param name="Unresolved">Holds that expired and that the next sweep decides on.</param>
/// <param name="Next">Where to go on; <see langword="null"/> where every account was looked at.</param>
public sealed record Reconciliation(
    long Accounts, long Entries, IReadOnlyList<AccountDifference> Differences, PendingSummary Disputed, PendingSummary Unresolved, Guid? Next);

/// <summary>Holds of one kind.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="Holds">The longest waiting of them, with their evidence.</param>
public sealed record PendingSummary(int Count, IReadOnlyList<HoldEvidence> Holds);

/// <summary>An account that is not what its entries say. Amounts are in the meter's smallest unit.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="Account">Whose, of what, for which period.</param>
/// <param name="Kept">What the account says.</param>
/// <param name="Summed">What its entries add up to.</param>
/// <param name="OpenHolds">What its open holds set aside.</param>
/// <param name="FirstMissing">The first entry that is missing from 1, 2, 3, …; <see langword="null"/> where none is.</param>
public sealed record AccountDifference(
    Guid AccountId, AccountKey Account, AccountSums Kept, AccountSums Summed, long OpenHolds, long? FirstMissing);

/// <summary>The sums of an account.</summary>
/// <param name="Granted">Given.</param>
/// <param name="Held">Set aside.</param>
/// <param name="Spent">Paid.</param>
/// <param name="Entries">How many entries.</param>
public readonly record struct AccountSums(long Granted, long Held, long Spent, long Entries);

internal sealed class ReconcileLedgerValidator : OrderedValidator<ReconcileLedgerQuery>
{
    public ReconcileLedgerValidator()
    {
        Require(query => !query.Cursor.IsMistyped, RequestErrors.Invalid("cursor must be the next_cursor of an earlier answer"));
        Require(
            query => query.MaxAccounts.IsAbsentOr(most => most is >= 1 and <= ReconcileLedgerQuery.HighestMaxAccounts),
            RequestErrors.Invalid($"max_accounts must be a number from 1 to {ReconcileLedgerQuery.HighestMaxAccounts}"));
    }
}

internal sealed class ReconcileLedgerHandler(IMeteringDb db, IPlatformClock clock) : IRequestHandler<ReconcileLedgerQuery, Reconciliation>
{
    private const int Slice = 500;

    public async Task<Reconciliation> Handle(ReconcileLedgerQuery query, CancellationToken cancellationToken)
    {
        var most = query.MaxAccounts.Or(ReconcileLedgerQuery.DefaultMaxAccounts);
        var after = query.Cursor.IsGiven ? query.Cursor.Value : (Guid?)null;
        var (accounts, entries, differences, isMore) = (0L, 0L, new List<AccountDifference>(), true);
        while (isMore && accounts < most && differences.Count < ReconcileLedgerQuery.MaxDifferences)
        {
            var slice = await db.ReadStandingsAsync(after, (int)Math.Min(Slice, most - accounts), cancellationToken);
            accounts += slice.Count;
            entries += slice.Sum(standing => standing.Summed.Entries);
            foreach (var standing in slice.Where(standing => standing.Differs))
            {
                differences.Add(await ExplainAsync(standing, cancellationToken));
            }

            after = slice.Count > 0 ? slice[^1].Account.Id : after;
            isMore = slice.Count > 0 && await db.LedgerAccounts.AnyAsync(account => account.Id.CompareTo(after!.Value) > 0, cancellationToken);
        }

        return new Reconciliation(
            accounts,
            entries,
            differences,
            await SummariseAsync(db.Holds.Disputed(), cancellationToken),
            await SummariseAsync(db.Holds.Unresolved(clock.Now), cancellationToken),
            isMore ? after : null);
    }

    private async Task<AccountDifference> ExplainAsync(AccountStanding standing, CancellationToken cancellationToken)
    {
        var account = standing.Account;
        return new AccountDifference(
            account.Id,
            account.Key,
            standing.Kept,
            standing.Summed,
            standing.OpenHolds,
            standing.HasGap ? await FirstMissingAsync(standing, cancellationToken) : null);
    }

    /// <summary>The first number, of those that the account counted or its entries have, that no entry has.</summary>
    private async Task<long?> FirstMissingAsync(AccountStanding standing, CancellationToken cancellationToken)
    {
        var expected = 1L;
        var sequences = db.EntriesOf(standing.Account.Id).OrderBy(entry => entry.Sequence).Select(entry => entry.Sequence);
        await foreach (var sequence in sequences.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            if (sequence > expected)
            {
                return expected;
            }

            expected = sequence == expected ? expected + 1 : expected;
        }

        return expected <= standing.Account.EntryCount ? expected : null;
    }

    private async Task<PendingSummary> SummariseAsync(IQueryable<Hold> holds, CancellationToken cancellationToken) => new(
        await holds.CountAsync(cancellationToken),
        await db.ReadEvidenceAsync(holds, 0, ReconcileLedgerQuery.MaxHolds, cancellationToken));
}
