using System.Buffers;
using System.Text;

namespace AiPlatform.Application.Gateway.Relay;

/// <summary>One event of a stream (server-sent events, WHATWG HTML §9.2). Its bytes are those of the reader's buffer: they hold until the next is taken.</summary>
/// <param name="Raw">The event as it was sent, blank line included.</param>
/// <param name="Name">Its name; empty where it has none.</param>
/// <param name="Data">Its data; empty where it carries none, as a comment does.</param>
internal readonly record struct ServerEvent(ReadOnlyMemory<byte> Raw, string Name, ReadOnlyMemory<byte> Data);

/// <summary>
/// Takes the events from a provider's answer as they arrive, holding no more than one event and what came with it, and while it
/// waits between two of them nothing at all.
/// </summary>
internal sealed class EventReader(ProviderReply reply) : IDisposable
{
    /// <summary>Largest event: one may carry an image.</summary>
    public const int MaxEvent = 8 * 1024 * 1024;

    private const int FirstBuffer = 8 * 1024;

    private byte[] _buffer = [];
    private int _start;
    private int _scanned;
    private int _end;

    /// <summary>Bytes of the answer that have arrived so far.</summary>
    public long Received { get; private set; }

    /// <summary>Waits for more of the answer.</summary>
    /// <returns>Whether there is more.</returns>
    /// <exception cref="ProviderUnreachableException">The answer broke off, took too long, or an event is too large.</exception>
    public async ValueTask<bool> ReceiveAsync(CancellationToken cancellationToken)
    {
        if (_start == _end)
        {
            LetGo();
            await reply.WaitAsync(cancellationToken);
        }

        MakeRoom();
        var read = await reply.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        Received += read;
        return read > 0;
    }

    /// <summary>Takes the next event that has arrived whole.</summary>
    public bool TryTake(out ServerEvent next)
    {
        while (_buffer.AsSpan(_scanned, _end - _scanned).IndexOf((byte)'\n') is var length and >= 0)
        {
            var line = _buffer.AsSpan(_scanned, length);
            _scanned += length + 1;
            if (line is [] or [(byte)'\r'])
            {
                next = Parse(_buffer.AsMemory(_start, _scanned - _start));
                _start = _scanned;
                return true;
            }
        }

        next = default;
        return false;
    }

    public void Dispose() => LetGo();

    private static ServerEvent Parse(ReadOnlyMemory<byte> raw)
    {
        var name = string.Empty;
        ReadOnlyMemory<byte> data = default;
        ArrayBufferWriter<byte>? joined = null;
        foreach (var range in raw.Span.Split((byte)'\n'))
        {
            var line = raw[range];
            line = line.Span is [.., (byte)'\r'] ? line[..^1] : line;
            if (line.Span.StartsWith("data:"u8))
            {
                var value = ValueOf(line, "data:"u8.Length);
                if (data.IsEmpty)
                {
                    data = value;
                    continue;
                }

                // Written once, however many lines there are.
                joined ??= Begin(data, raw.Length);
                joined.Write("\n"u8);
                joined.Write(value.Span);
            }
            else if (line.Span.StartsWith("event:"u8))
            {
                name = Encoding.UTF8.GetString(ValueOf(line, "event:"u8.Length).Span);
            }
        }

        return new ServerEvent(raw, name, joined?.WrittenMemory ?? data);
    }

    private static ReadOnlyMemory<byte> ValueOf(ReadOnlyMemory<byte> line, int prefix) =>
        line.Span[prefix..] is [(byte)' ', ..] ? line[(prefix + 1)..] : line[prefix..];

    private static ArrayBufferWriter<byte> Begin(ReadOnlyMemory<byte> first, int most)
    {
        var joined = new ArrayBufferWriter<byte>(most);
        joined.Write(first.Span);
        return joined;
    }

    private void LetGo()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _start, _scanned, _end) = ([], 0, 0, 0);
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _scanned, _end) = (0, _scanned - _start, _end - _start);
        }

        if (_end < _buffer.Length)
        {
            return;
        }

        if (_end >= MaxEvent)
        {
            throw new ProviderUnreachableException($"An event exceeds {MaxEvent} bytes.", mayHaveRun: true);
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(FirstBuffer, _buffer.Length * 2));
        _buffer.AsSpan(0, _end).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
