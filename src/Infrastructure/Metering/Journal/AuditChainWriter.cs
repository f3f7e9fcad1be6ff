using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>
/// Chains the audit records that this process writes, in the order of its batches, and moves the chain's head in the same
/// transaction. The head is kept in memory from one commit to the next; after a commit that failed or was cut off nobody knows
/// where it is, so it is read again.
/// </summary>
internal sealed class AuditChainWriter(TimeProvider time)
{
    private readonly AuditDigest _digest = new();

    private Guid _id = Guid.CreateVersion7(time.GetUtcNow());

    private AuditChain? _chain;

    /// <summary>Chains the records of a batch. Without a commit after it, <see cref="Forget"/> must follow.</summary>
    public async Task ExtendAsync(AppDbContext db, IReadOnlyList<AuditRecord> records, CancellationToken cancellationToken)
    {
        if (records.Count == 0)
        {
            return;
        }

        if (_chain is null)
        {
            _chain = await HeadAsync(db, cancellationToken);
        }
        else
        {
            db.Attach(_chain);
        }

        foreach (var record in records)
        {
            _chain.Append(record, _digest);
        }
    }

    /// <summary>The last batch may not have been committed.</summary>
    public void Forget() => _chain = null;

    private async Task<AuditChain> HeadAsync(AppDbContext db, CancellationToken cancellationToken)
    {
        var head = await db.Set<AuditChain>().AsTracking().FirstOrDefaultAsync(chain => chain.Id == _id, cancellationToken);
        var highest = await db.Set<AuditRecord>().Where(record => record.ChainId == _id)
            .MaxAsync(record => record.ChainSequence, cancellationToken) ?? 0;
        if (head is not null && highest <= head.LastSequence)
        {
            return head;
        }

        // Records beyond the head are not this writer's. They must not stop it: the damage stays where it is, to be found.
        if (highest > 0)
        {
            _id = Guid.CreateVersion7(time.GetUtcNow());
        }

        return await StartAsync(db, cancellationToken);
    }

    private async Task<AuditChain> StartAsync(AppDbContext db, CancellationToken cancellationToken)
    {
        var previous = await db.Set<AuditChain>()
            .OrderByDescending(chain => chain.StartedAt).ThenByDescending(chain => chain.Id)
            .Select(chain => (Guid?)chain.Id)
            .FirstOrDefaultAsync(cancellationToken);
        var chain = new AuditChain(_id, previous, _digest, time.GetUtcNow());
        db.Add(chain);
        return chain;
    }
}
