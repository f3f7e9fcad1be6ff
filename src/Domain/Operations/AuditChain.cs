namespace AiPlatform.Domain.Operations;

/// <summary>
/// The audit records of one writing process, numbered 1, 2, 3, … without a gap, each hashed together with the hash before it.
/// The chain keeps its head, so that a record which was cut off at the end is missed too.
/// </summary>
public sealed class AuditChain
{
    private AuditChain()
    {
        LastHash = [];
    }

    /// <summary>Starts a chain.</summary>
    /// <param name="id">UUIDv7.</param>
    /// <param name="previousChainId">The chain that was started last before this one, so that a chain which was removed whole is missed.</param>
    /// <param name="digest">Computes the hash that the first record follows.</param>
    /// <param name="now">The time of the start.</param>
    public AuditChain(Guid id, Guid? previousChainId, AuditDigest digest, DateTimeOffset now)
    {
        Id = id;
        PreviousChainId = previousChainId;
        Format = AuditDigest.Format;
        StartedAt = now;
        LastHash = digest.OfStart(this);
    }

    /// <summary>UUIDv7.</summary>
    public Guid Id { get; private set; }

    /// <summary>The chain that was started last before this one; <see langword="null"/> for the first.</summary>
    public Guid? PreviousChainId { get; private set; }

    /// <summary>The version of the written form that its hashes were computed over.</summary>
    public int Format { get; private set; }

    /// <summary>When the chain was started, UTC.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>How many records the chain has; the number of the last one.</summary>
    public long LastSequence { get; private set; }

    /// <summary>The hash of the last record; SHA-256.</summary>
    public byte[] LastHash { get; private set; }

    /// <summary>Makes a record the chain's next one.</summary>
    /// <param name="record">The record, complete.</param>
    /// <param name="digest">Computes its hash.</param>
    public void Append(AuditRecord record, AuditDigest digest)
    {
        var sequence = LastSequence + 1;
        var hash = digest.OfRecord(LastHash, Id, sequence, record);
        record.Link(Id, sequence, hash);
        (LastSequence, LastHash) = (sequence, hash);
    }
}
