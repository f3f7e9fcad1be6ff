namespace AiPlatform.Application.Shared;

/// <summary>An answer that is recorded in another form than its own.</summary>
public interface IRecordedAnswer
{
    /// <summary>What the audit record keeps: one JSON value.</summary>
    ReadOnlyMemory<byte> Recorded { get; }

    /// <summary>Whether the whole answer is at hand, so that it can be kept for calls with the same idempotency key.</summary>
    bool IsWhole { get; }
}
