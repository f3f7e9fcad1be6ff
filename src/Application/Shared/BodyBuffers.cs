using System.Buffers;

namespace AiPlatform.Application.Shared;

/// <summary>
/// The memory in which whole bodies lie, borrowed from the pool of the process. Whoever has the buffers has all of it, until they
/// are disposed: then it is wiped and goes back at once. A call has one instance, which ends when its answer has been sent.
/// </summary>
public sealed class BodyBuffers : IDisposable
{
    /// <summary>
    /// Most bytes of a buffer that comes from the pool, which keeps what it gets back for a while. A larger body is rare, and has
    /// memory of its own.
    /// </summary>
    public const int MostPooled = 4 * 1024 * 1024;

    private readonly List<BodyBuffer> _taken = new(2);

    /// <summary>An empty buffer, which nothing is set aside for yet.</summary>
    public BodyBuffer Take()
    {
        var buffer = new BodyBuffer();
        _taken.Add(buffer);
        return buffer;
    }

    /// <summary>Gives all memory back. What was read from it is gone.</summary>
    public void Dispose()
    {
        foreach (var buffer in _taken)
        {
            buffer.LetGo();
        }

        _taken.Clear();
    }
}

/// <summary>One body, in one piece, as it comes.</summary>
public sealed class BodyBuffer
{
    private const int Least = 4096;

    private byte[] _bytes = [];
    private bool _isPooled;

    internal BodyBuffer()
    {
    }

    /// <summary>How many bytes have come.</summary>
    public int Length { get; private set; }

    /// <summary>What has come. It holds until more is received, or the buffer goes back.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    /// <summary>Room for what comes next: at least one byte.</summary>
    /// <param name="expected">
    /// How many bytes there will be in all, as far as is known: where there is no room left, it is made for so many, and for twice
    /// as many as have come where they turn out to be more.
    /// </param>
    public Memory<byte> Room(int expected)
    {
        if (Length == _bytes.Length)
        {
            Move(expected > Length ? expected : Math.Max(2 * Length, Least));
        }

        return _bytes.AsMemory(Length);
    }

    /// <summary>Notes that so many bytes have come.</summary>
    /// <param name="bytes">No more than there was room for.</param>
    public void Advance(int bytes) => Length += bytes;

    internal void LetGo()
    {
        if (_isPooled)
        {
            // Nothing that one caller sent, or was answered, is left for the next to find.
            _bytes.AsSpan(0, Length).Clear();
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        (_bytes, _isPooled, Length) = ([], false, 0);
    }

    private void Move(int size)
    {
        var isPooled = size <= BodyBuffers.MostPooled;
        var larger = isPooled ? ArrayPool<byte>.Shared.Rent(size) : GC.AllocateUninitializedArray<byte>(size);
        var length = Length;
        Written.CopyTo(larger);
        LetGo();
        (_bytes, _isPooled, Length) = (larger, isPooled, length);
    }
}
