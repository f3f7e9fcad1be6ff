using AiPlatform.Domain.Operations;
using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>
/// Chains the audit records that this process writes, in the order of its batches, and moves the chain's head in the same
/// transaction. The head is kept in memory from one commit to the next; after a commit that failed or was cut off nobody knows
/// where it is, so it is read again.
/// </summary>
internal sealed class AuditChainWriter(IDbContextFactory<AppDbContext> contexts, TimeProvider time)
{
    private readonly AuditDigest _digest = new();

    private Guid _id = Guid.CreateVersion7(time.GetUtcNow());

    private AuditChain? _chain;

    /// <summary>Chains the records of a batch. Without a commit after it, <see cref="Forget"/> must follow.</summary>
    public void Extend(JournalBatch batch)
    {
        if (!batch.Added.TryGetValue(typeof(AuditRecord), out var records))
        {
            return;
        }

        var head = _chain ?? Head();
        if (head is null)
        {
            head = Start();
            batch.Add(head);
        }
        else
        {
            batch.Move(head, head.LastSequence);
        }

        foreach (var record in records)
        {
            head.Append((AuditRecord)record, _digest);
        }

        _chain = head;
    }

    /// <summary>The last batch may not have been committed.</summary>
    public void Forget() => _chain = null;

    private AuditChain? Head()
    {
        using var db = contexts.CreateDbContext();
        var head = db.Set<AuditChain>().AsNoTracking().FirstOrDefault(chain => chain.Id == _id);
        var highest = db.Set<AuditRecord>().Where(record => record.ChainId == _id).Max(record => record.ChainSequence) ?? 0;
        if (head is not null && highest <= head.LastSequence)
        {
            return head;
        }

        // Records beyond the head are not this writer's. They must not stop it: the damage stays where it is, to be found.
        if (highest > 0)
        {
            _id = Guid.CreateVersion7(time.GetUtcNow());
        }

        return null;
    }

    private AuditChain Start()
    {
        using var db = contexts.CreateDbContext();
        var previous = db.Set<AuditChain>()
            .OrderByDescending(chain => chain.StartedAt).ThenByDescending(chain => chain.Id)
            .Select(chain => (Guid?)chain.Id)
            .FirstOrDefault();
        return new AuditChain(_id, previous, _digest, time.GetUtcNow());
    }
}
