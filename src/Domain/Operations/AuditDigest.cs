using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AiPlatform.Domain.Operations;

/// <summary>
/// Hashes audit records: <c>SHA-256(hash before ‖ written form of the record)</c>. The written form has every field of the
/// record in a fixed order and states each length, so that no two records have the same form; see decision 0025. One instance
/// reuses one buffer: it serves one thread at a time.
/// </summary>
public sealed class AuditDigest
{
    /// <summary>The version of the written form. A change of the form is a new version, which new chains are written in.</summary>
    public const int Format = 1;

    /// <summary>Length of a hash, in bytes.</summary>
    public const int HashLength = SHA256.HashSizeInBytes;

    private readonly ArrayBufferWriter<byte> _form = new(4096);

    /// <summary>The hash that the first record of a chain follows.</summary>
    /// <param name="chain">The chain.</param>
    public byte[] OfStart(AuditChain chain)
    {
        _form.ResetWrittenCount();
        Write("audit chain");
        Write(chain.Format);
        Write(chain.Id);
        Write(chain.PreviousChainId);
        Write(chain.StartedAt);
        return SHA256.HashData(_form.WrittenSpan);
    }

    /// <summary>The hash of a record in a place of a chain.</summary>
    /// <param name="previous">The hash before it.</param>
    /// <param name="chainId">The chain.</param>
    /// <param name="sequence">The place.</param>
    /// <param name="record">The record; what it says of its own place does not count.</param>
    public byte[] OfRecord(ReadOnlySpan<byte> previous, Guid chainId, long sequence, AuditRecord record)
    {
        _form.ResetWrittenCount();
        _form.Write(previous);
        Write(Format);
        Write(chainId);
        Write(sequence);
        WriteCall(record);
        WriteOutcome(record);
        return SHA256.HashData(_form.WrittenSpan);
    }

    private void WriteCall(AuditRecord record)
    {
        Write(record.Id);
        Write(record.CorrelationId);
        Write(record.StartedAt);
        Write(record.Method);
        Write(record.Path);
        Write(record.RouteKey);
        Write(record.EndpointId);
        Write(record.UserId);
        Write(record.TokenId);
        Write(record.ApiKeyId);
        Write(record.IpAddress);
        Write(record.UserAgent);
        Write(record.RequestHeaders);
        Write(record.RequestBody);
    }

    private void WriteOutcome(AuditRecord record)
    {
        Write(record.Status);
        Write(record.ElapsedMilliseconds);
        Write(record.HoldId);
        Write(record.Charged);
        Write(record.ReplayOf);
        Write(record.ResponseBody);
        Write(record.Error);
    }

    private void Write(long number)
    {
        BinaryPrimitives.WriteInt64BigEndian(_form.GetSpan(sizeof(long)), number);
        _form.Advance(sizeof(long));
    }

    // Whole microseconds: the finest that every database keeps.
    private void Write(DateTimeOffset instant) =>
        Write(Math.DivRem(instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks, TimeSpan.TicksPerMicrosecond).Quotient);

    private void Write(Guid? id)
    {
        var place = _form.GetSpan(17);
        place[0] = id.HasValue ? (byte)1 : (byte)0;
        id.GetValueOrDefault().TryWriteBytes(place[1..], bigEndian: true, out _);
        _form.Advance(17);
    }

    private void Write(string? text)
    {
        if (text is null)
        {
            Write(-1L);
            return;
        }

        Write((long)Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, _form);
    }
}
