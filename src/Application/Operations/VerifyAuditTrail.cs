using System.Globalization;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Operations;
using AiPlatform.Domain.Shared;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Operations;

/// <summary>Computes the hashes of the audit trail anew and tells where it was changed.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "verify the audit trail")]
[Refuses(typeof(VerifyAuditTrailHandler), nameof(VerifyAuditTrailHandler.ChainNotFound))]
[OmitBodiesFromAudit]
public sealed record VerifyAuditTrailQuery : IRequest<AuditVerification>
{
    /// <summary>Most records of one answer.</summary>
    public const int HighestMaxRecords = 1_000_000;

    /// <summary>Records of one answer where nothing else is asked.</summary>
    public const int DefaultMaxRecords = 100_000;

    /// <summary>Most chains of one answer.</summary>
    public const int MaxChains = 100;

    /// <summary>Only this chain.</summary>
    public Supplied<Guid> ChainId { get; init; }

    /// <summary>Only records from this place of the chain on, from 1.</summary>
    public Supplied<long> FromSequence { get; init; }

    /// <summary>Only records up to this place of the chain.</summary>
    public Supplied<long> ToSequence { get; init; }

    /// <summary>Where an earlier answer stopped.</summary>
    public Supplied<AuditCursor> Cursor { get; init; }

    /// <summary>Most records to look at, 1 to <see cref="HighestMaxRecords"/>.</summary>
    public Supplied<int> MaxRecords { get; init; }
}

/// <summary>The record after which a verification goes on.</summary>
/// <param name="ChainId">The chain.</param>
/// <param name="Sequence">The last record that was looked at, zero for none.</param>
public readonly record struct AuditCursor(Guid ChainId, long Sequence)
{
    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <param name="text">The text.</param>
    /// <returns><see langword="null"/> where it is none.</returns>
    public static AuditCursor? Parse(string text) =>
        text.Split(':') is [var chain, var place]
        && Guid.TryParseExact(chain, "D", out var id)
        && long.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? new AuditCursor(id, sequence)
            : null;

    /// <summary>For example <c>0195f3a2-6c1e-7b8d-9a4f-2f1d3c5b7e90:1000</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ChainId:D}:{Sequence}");
}

/// <summary>What became of a verification.</summary>
/// <param name="Breaks">Where the trail is not as it was written; empty where all is well. At most one a chain: its first.</param>
/// <param name="Checked">How many records were looked at.</param>
/// <param name="Chains">The chains that were looked at.</param>
/// <param name="Unchained">Records that belong to no chain; <see langword="null"/> where only a part of the trail was asked for.</param>
/// <param name="Next">Where to go on; <see langword="null"/> where everything was looked at that was asked for.</param>
public sealed record AuditVerification(
    IReadOnlyList<AuditBreak> Breaks, long Checked, IReadOnlyList<CheckedChain> Chains, UnchainedRecords? Unchained, AuditCursor? Next);

/// <summary>A chain, as far as it was looked at.</summary>
/// <param name="ChainId">The chain.</param>
/// <param name="StartedAt">When it was started, UTC.</param>
/// <param name="FromSequence">The first record that was looked at.</param>
/// <param name="ToSequence">The last record that was looked at; one less than the first where none was.</param>
/// <param name="HeadSequence">The last record that the chain has.</param>
/// <param name="HeadHash">Its hash. Kept elsewhere, it proves later that nothing before it was changed.</param>
public sealed record CheckedChain(
    Guid ChainId, DateTimeOffset StartedAt, long FromSequence, long ToSequence, long HeadSequence, byte[] HeadHash);

/// <summary>Records that belong to no chain.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="NewestStartedAt">When the youngest of these calls arrived, UTC.</param>
public sealed record UnchainedRecords(long Count, DateTimeOffset? NewestStartedAt);

internal sealed class VerifyAuditTrailValidator : OrderedValidator<VerifyAuditTrailQuery>
{
    public VerifyAuditTrailValidator()
    {
        Require(query => !query.ChainId.IsMistyped, RequestErrors.Invalid("chain_id must be a UUID"));
        Require(
            query => query.FromSequence.IsAbsentOr(place => place >= 1), RequestErrors.Invalid("from_sequence must be a number from 1 on"));
        Require(query => query.ToSequence.IsAbsentOr(place => place >= 1), RequestErrors.Invalid("to_sequence must be a number from 1 on"));
        Require(
            query => query.ChainId.IsGiven || (query.FromSequence.IsLeftOut && query.ToSequence.IsLeftOut),
            RequestErrors.Invalid("from_sequence and to_sequence are places of one chain: name it with chain_id"));
        Require(
            query => query.FromSequence.Or(1) <= query.ToSequence.Or(long.MaxValue),
            RequestErrors.Invalid("from_sequence must not be greater than to_sequence"));
        Require(
            query => query.Cursor.IsAbsentOr(_ => query.ChainId.IsLeftOut),
            RequestErrors.Invalid("cursor must be the next_cursor of an earlier answer, without chain_id"));
        Require(
            query => query.MaxRecords.IsAbsentOr(most => most is >= 1 and <= VerifyAuditTrailQuery.HighestMaxRecords),
            RequestErrors.Invalid($"max_records must be a number from 1 to {VerifyAuditTrailQuery.HighestMaxRecords}"));
    }
}

internal sealed class VerifyAuditTrailHandler(IOperationsDb db) : IRequestHandler<VerifyAuditTrailQuery, AuditVerification>
{
    public static readonly Error ChainNotFound = new("audit_chain_not_found", ErrorKind.NotFound, "Audit chain not found");

    private readonly List<CheckedChain> _chains = [];

    private readonly List<AuditBreak> _breaks = [];

    private long _left;

    public async Task<AuditVerification> Handle(VerifyAuditTrailQuery query, CancellationToken cancellationToken)
    {
        _left = query.MaxRecords.Or(VerifyAuditTrailQuery.DefaultMaxRecords);
        var next = query.ChainId.IsGiven
            ? await CheckOneAsync(query, cancellationToken)
            : await CheckAllAsync(query.Cursor.IsGiven ? query.Cursor.Value : null, cancellationToken);
        var isWhole = query.ChainId.IsLeftOut && query.Cursor.IsLeftOut;
        var unchained = isWhole ? await StrayRecordsAsync(cancellationToken) : null;
        return new AuditVerification(_breaks, _chains.Sum(Count), _chains, unchained, next);
    }

    private static long Count(CheckedChain chain) => chain.ToSequence - chain.FromSequence + 1;

    private async Task<AuditCursor?> CheckOneAsync(VerifyAuditTrailQuery query, CancellationToken cancellationToken)
    {
        var chain = await ReadAsync(query.ChainId.Value, cancellationToken);
        var last = query.ToSequence.Or(long.MaxValue);
        var reached = await CheckAsync(chain, query.FromSequence.Or(1), last, cancellationToken);
        return reached is { } place && place < last ? new AuditCursor(chain.Id, place) : null;
    }

    private async Task<AuditCursor?> CheckAllAsync(AuditCursor? cursor, CancellationToken cancellationToken)
    {
        AuditChain? after = null;
        if (cursor is { } place)
        {
            after = await ReadAsync(place.ChainId, cancellationToken);
            if (await CheckAsync(after, place.Sequence + 1, long.MaxValue, cancellationToken) is { } reached)
            {
                return new AuditCursor(after.Id, reached);
            }
        }

        while (await NextAsync(after, cancellationToken) is { } chain)
        {
            if (_chains.Count == VerifyAuditTrailQuery.MaxChains || _left == 0)
            {
                return new AuditCursor(chain.Id, 0);
            }

            if (await CheckAsync(chain, 1, long.MaxValue, cancellationToken) is { } reached)
            {
                return new AuditCursor(chain.Id, reached);
            }

            after = chain;
        }

        return null;
    }

    /// <summary>Checks a chain as far as the answer still reaches.</summary>
    /// <returns>The last record that was looked at, where more follow.</returns>
    private async Task<long?> CheckAsync(AuditChain chain, long from, long to, CancellationToken cancellationToken)
    {
        var last = Math.Min(to, from - 1 + Math.Min(_left, long.MaxValue - from));
        var (seen, broken) = await AuditChainWalk.CheckAsync(db, chain.Id, from, last, cancellationToken);
        _chains.Add(seen);
        _left -= Count(seen);
        if (broken is not null)
        {
            _breaks.Add(broken);
            return null;
        }

        return seen.ToSequence < seen.HeadSequence && seen.ToSequence < to ? seen.ToSequence : null;
    }

    private async Task<AuditChain> ReadAsync(Guid id, CancellationToken cancellationToken) =>
        await db.AuditChains.AsNoTracking().FirstOrDefaultAsync(chain => chain.Id == id, cancellationToken)
        ?? throw new RefusedException(ChainNotFound);

    private Task<AuditChain?> NextAsync(AuditChain? after, CancellationToken cancellationToken)
    {
        IQueryable<AuditChain> chains = db.AuditChains.AsNoTracking().OrderBy(chain => chain.StartedAt).ThenBy(chain => chain.Id);
        if (after is not null)
        {
            chains = chains.Where(chain =>
                chain.StartedAt > after.StartedAt || (chain.StartedAt == after.StartedAt && chain.Id.CompareTo(after.Id) > 0));
        }

        return chains.FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>Looks for records outside the chains that there are.</summary>
    private async Task<UnchainedRecords> StrayRecordsAsync(CancellationToken cancellationToken)
    {
        var orphan = await db.AuditRecords.AsNoTracking()
            .Where(record => record.ChainId != null && !db.AuditChains.Any(chain => chain.Id == record.ChainId))
            .Select(record => new { record.Id, record.ChainId, record.ChainSequence })
            .FirstOrDefaultAsync(cancellationToken);
        if (orphan is not null)
        {
            _breaks.Add(new AuditBreak(AuditBreakKind.MissingChain, orphan.ChainId, orphan.ChainSequence, orphan.Id));
        }

        var unchained = db.AuditRecords.AsNoTracking().Where(record => record.ChainId == null);
        var first = await db.AuditChains.OrderBy(chain => chain.StartedAt).Select(chain => (DateTimeOffset?)chain.StartedAt)
            .FirstOrDefaultAsync(cancellationToken);
        var late = await unchained.Where(record => record.StartedAt >= first)
            .OrderBy(record => record.StartedAt).ThenBy(record => record.Id)
            .Select(record => (Guid?)record.Id)
            .FirstOrDefaultAsync(cancellationToken);
        if (late is not null)
        {
            _breaks.Add(new AuditBreak(AuditBreakKind.Inserted, null, null, late));
        }

        return new UnchainedRecords(
            await unchained.LongCountAsync(cancellationToken),
            await unchained.MaxAsync(record => (DateTimeOffset?)record.StartedAt, cancellationToken));
    }
}
