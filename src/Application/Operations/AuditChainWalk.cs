using AiPlatform.Domain.Operations;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Operations;

/// <summary>How a place of the audit trail differs from what was written there.</summary>
public enum AuditBreakKind
{
    /// <summary>The record there is not the one that was written.</summary>
    Edited,

    /// <summary>There is no record.</summary>
    Missing,

    /// <summary>The record is genuine, but belongs to a later place.</summary>
    Reordered,

    /// <summary>The record was put in between, or after the chain's last one, or outside the chains.</summary>
    Inserted,

    /// <summary>All records are genuine, but the chain's head is not the last one.</summary>
    HeadChanged,

    /// <summary>A chain that another one, or a record, names is not there.</summary>
    MissingChain,

    /// <summary>The chain was written by a later version of the platform, which has to verify it.</summary>
    UnknownFormat,
}

/// <summary>Where the audit trail is not as it was written.</summary>
/// <param name="Kind">How it differs.</param>
/// <param name="ChainId">The chain; <see langword="null"/> for a record that is in none.</param>
/// <param name="Sequence">The place in the chain.</param>
/// <param name="RequestId">The record there; for a missing one, the record before it.</param>
public sealed record AuditBreak(AuditBreakKind Kind, Guid? ChainId, long? Sequence, Guid? RequestId);

/// <summary>Walks along a chain, page by page, computing each hash anew up to the first that differs.</summary>
internal sealed class AuditChainWalk
{
    /// <summary>Records in memory at once; each can carry two bodies.</summary>
    private const int Page = 250;

    /// <summary>How far ahead the place of a displaced record is looked for.</summary>
    private const int Reach = 10_000;

    private readonly AuditDigest _digest = new();
    private readonly IOperationsDb _db;
    private readonly AuditChain _chain;

    private long _next;
    private byte[] _before = [];
    private byte[] _twoBefore = [];
    private AuditRecord? _last;

    private AuditChainWalk(IOperationsDb db, AuditChain chain, long from)
    {
        _db = db;
        _chain = chain;
        _next = from;
    }

    private IQueryable<AuditRecord> Records => _db.AuditRecords.AsNoTracking().Where(record => record.ChainId == _chain.Id);

    /// <summary>Checks a part of a chain; where the part reaches the chain's end, the end as well.</summary>
    public static async Task<(CheckedChain Seen, AuditBreak? Broken)> CheckAsync(
        IOperationsDb db, Guid chainId, long from, long to, CancellationToken cancellationToken)
    {
        // In this order: a record is committed with the head that names it, so none lies beyond a head that is read later.
        var highest = await db.AuditRecords.Where(record => record.ChainId == chainId)
            .MaxAsync(record => record.ChainSequence, cancellationToken) ?? 0;
        var chain = await db.AuditChains.AsNoTracking().FirstAsync(chain => chain.Id == chainId, cancellationToken);
        var walk = new AuditChainWalk(db, chain, from);
        var broken = from > chain.LastSequence + 1 ? null : await walk.CheckAsync(to, highest, cancellationToken);
        return (new CheckedChain(chain.Id, chain.StartedAt, from, walk._next - 1, chain.LastSequence, chain.LastHash), broken);
    }

    private async Task<AuditBreak?> CheckAsync(long to, long highest, CancellationToken cancellationToken)
    {
        if (await CheckStartAsync(cancellationToken) is { } start)
        {
            return start;
        }

        var last = Math.Min(to, _chain.LastSequence);
        while (_next <= last)
        {
            if (await CheckPageAsync(last, cancellationToken) is { } broken)
            {
                return broken;
            }
        }

        return last == _chain.LastSequence ? await CheckEndAsync(highest, cancellationToken) : null;
    }

    private async Task<AuditBreak?> CheckStartAsync(CancellationToken cancellationToken)
    {
        if (_chain.Format != AuditDigest.Format)
        {
            return Break(AuditBreakKind.UnknownFormat, null, null);
        }

        if (_next > 1)
        {
            var hash = await Records.Where(record => record.ChainSequence == _next - 1).Select(record => record.ChainHash)
                .FirstOrDefaultAsync(cancellationToken);
            _before = hash ?? [];
            return hash is null ? Break(AuditBreakKind.Missing, _next - 1, null) : null;
        }

        _before = _digest.OfStart(_chain);
        return _chain.PreviousChainId is { } previous && !await _db.AuditChains.AnyAsync(chain => chain.Id == previous, cancellationToken)
            ? new AuditBreak(AuditBreakKind.MissingChain, previous, null, null)
            : null;
    }

    private async Task<AuditBreak?> CheckPageAsync(long last, CancellationToken cancellationToken)
    {
        var page = await Records
            .Where(record => record.ChainSequence >= _next && record.ChainSequence <= last)
            .OrderBy(record => record.ChainSequence)
            .Take(Page)
            .ToListAsync(cancellationToken);
        foreach (var record in page)
        {
            if (record.ChainSequence != _next)
            {
                break;
            }

            if (!Hash(_before, _next, record).AsSpan().SequenceEqual(record.ChainHash))
            {
                return await ExplainAsync(record, cancellationToken);
            }

            (_twoBefore, _before, _last) = (_before, record.ChainHash!, record);
            _next++;
        }

        return page is [.., { ChainSequence: var reached }] && reached == _next - 1 ? null : Break(AuditBreakKind.Missing, _next, _last?.Id);
    }

    private async Task<AuditBreak?> CheckEndAsync(long highest, CancellationToken cancellationToken)
    {
        if (!_before.AsSpan().SequenceEqual(_chain.LastHash))
        {
            return Break(AuditBreakKind.HeadChanged, _chain.LastSequence, _last?.Id);
        }

        if (highest <= _chain.LastSequence)
        {
            return null;
        }

        var beyond = await Records.Where(record => record.ChainSequence > _chain.LastSequence)
            .OrderBy(record => record.ChainSequence)
            .Select(record => new { record.Id, record.ChainSequence })
            .FirstAsync(cancellationToken);
        return Break(AuditBreakKind.Inserted, beyond.ChainSequence, beyond.Id);
    }

    /// <summary>Finds out what happened to the record in the next place, whose hash is not the one that belongs there.</summary>
    private async Task<AuditBreak> ExplainAsync(AuditRecord record, CancellationToken cancellationToken)
    {
        // It was the one before, until something took its place.
        if (_last is not null && IsGenuine(_twoBefore, _next - 1, record))
        {
            return Break(AuditBreakKind.Inserted, _next - 1, _last.Id);
        }

        if (await BelongsFurtherOnAsync(record, cancellationToken))
        {
            return Break(AuditBreakKind.Reordered, _next, record.Id);
        }

        var following = await Records.FirstOrDefaultAsync(other => other.ChainSequence == _next + 1, cancellationToken);
        var kind = following is not null && IsGenuine(_before, _next, following) ? AuditBreakKind.Inserted : AuditBreakKind.Edited;
        return Break(kind, _next, record.Id);
    }

    private async Task<bool> BelongsFurtherOnAsync(AuditRecord record, CancellationToken cancellationToken)
    {
        var hashes = Records
            .Where(other => other.ChainSequence > _next && other.ChainSequence <= _next + Reach)
            .OrderBy(other => other.ChainSequence)
            .Select(other => new { Sequence = other.ChainSequence!.Value, Hash = other.ChainHash! })
            .AsAsyncEnumerable();
        var before = record.ChainHash!;
        await foreach (var place in hashes.WithCancellation(cancellationToken))
        {
            // Two records can be exchanged with their places or without them; of neighbours, the hash between them moves too.
            var here = Hash(before, place.Sequence, record);
            if (here.AsSpan().SequenceEqual(place.Hash) || here.AsSpan().SequenceEqual(record.ChainHash)
                || IsGenuine(place.Hash, place.Sequence, record))
            {
                return true;
            }

            before = place.Hash;
        }

        return false;
    }

    private bool IsGenuine(byte[] before, long sequence, AuditRecord record) =>
        Hash(before, sequence, record).AsSpan().SequenceEqual(record.ChainHash);

    private byte[] Hash(byte[] before, long sequence, AuditRecord record) => _digest.OfRecord(before, _chain.Id, sequence, record);

    private AuditBreak Break(AuditBreakKind kind, long? sequence, Guid? requestId) => new(kind, _chain.Id, sequence, requestId);
}
