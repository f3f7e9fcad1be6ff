using System.Buffers;

namespace AiPlatform.Application.Gateway.Relay;

/// <summary>A text that is put together of parts of others, of which none is copied: they must hold as long as it is read.</summary>
internal sealed class JsonPieces
{
    private Piece? _first;
    private Piece? _last;

    /// <summary>The text so far.</summary>
    public ReadOnlySequence<byte> Whole =>
        _first is null ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(_first, 0, _last!, _last!.Memory.Length);

    /// <summary>Goes on with a part of a text.</summary>
    public void Add(ReadOnlyMemory<byte> part)
    {
        if (part.IsEmpty)
        {
            return;
        }

        _last = new Piece(part, _last);
        _first ??= _last;
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> part, Piece? before)
        {
            Memory = part;
            if (before is not null)
            {
                RunningIndex = before.RunningIndex + before.Memory.Length;
                before.Next = this;
            }
        }
    }
}
