using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace AiPlatform.Load.Driving;

/// <summary>
/// One kept-alive HTTP/1.1 connection that sends prepared bytes and reads of the answer only what tells where it ends: a
/// driver that costs little beside what it drives. It understands <c>Content-Length</c> and chunked bodies.
/// </summary>
internal sealed class Connection(IPEndPoint server) : IDisposable
{
    private const int FirstBuffer = 64 * 1024;
    private const int MaxAnswer = 4 * 1024 * 1024;

    private static readonly byte[] EndOfHeaders = "\r\n\r\n"u8.ToArray();
    private static readonly byte[] EndOfLine = "\r\n"u8.ToArray();

    private byte[] _buffer = new byte[FirstBuffer];

    private Socket? _socket;
    private int _filled;

    /// <summary>Sends a request and reads its answer to the end.</summary>
    /// <returns>The status.</returns>
    /// <exception cref="SocketException">The connection broke; the next request makes a new one.</exception>
    /// <exception cref="IOException">The answer is not what this reader understands.</exception>
    public async ValueTask<int> SendAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        try
        {
            _socket ??= await ConnectAsync(cancellationToken);
            for (var sent = 0; sent < request.Length;)
            {
                sent += await _socket.SendAsync(request[sent..], SocketFlags.None, cancellationToken);
            }

            _filled = 0;
            var headers = await ReadToAsync(EndOfHeaders, 0, cancellationToken);
            var status = StatusOf(_buffer.AsSpan(0, headers));
            await ReadBodyAsync(headers, cancellationToken);
            return status;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The answer read last, as it came.</summary>
    public ReadOnlySpan<byte> LastAnswer => _buffer.AsSpan(0, _filled);

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private async ValueTask<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static int StatusOf(ReadOnlySpan<byte> head) =>
        head.StartsWith("HTTP/1.1 "u8) && Utf8Parser.TryParse(head[9..12], out int status, out _)
            ? status
            : throw new IOException("The answer is not HTTP/1.1.");

    private async ValueTask ReadBodyAsync(int start, CancellationToken cancellationToken)
    {
        if (LengthOf(_buffer.AsSpan(0, start)) is { } length)
        {
            while (_filled < start + length)
            {
                await ReceiveAsync(cancellationToken);
            }

            return;
        }

        // A chunk: its size in hexadecimal, CR LF, that many bytes, CR LF. The last one is empty.
        for (var position = start; ;)
        {
            var data = await ReadToAsync(EndOfLine, position, cancellationToken);
            if (!Utf8Parser.TryParse(_buffer.AsSpan(position, data - position), out int size, out _, 'x'))
            {
                throw new IOException("The answer has neither a length nor chunks.");
            }

            position = data + size + 2;
            while (_filled < position)
            {
                await ReceiveAsync(cancellationToken);
            }

            if (size == 0)
            {
                return;
            }
        }
    }

    private static int? LengthOf(ReadOnlySpan<byte> head)
    {
        var at = head.IndexOf("Content-Length: "u8);
        return at >= 0 && Utf8Parser.TryParse(head[(at + 16)..], out int length, out _) ? length : null;
    }

    /// <summary>Reads until a mark was seen at or after a position; answers where it ends.</summary>
    private async ValueTask<int> ReadToAsync(byte[] mark, int from, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_filled > from && _buffer.AsSpan(from, _filled - from).IndexOf(mark) is >= 0 and var found)
            {
                return from + found + mark.Length;
            }

            await ReceiveAsync(cancellationToken);
        }
    }

    private async ValueTask ReceiveAsync(CancellationToken cancellationToken)
    {
        if (_filled == _buffer.Length)
        {
            Array.Resize(ref _buffer, _filled < MaxAnswer ? _filled * 2 : throw new IOException($"The answer is longer than {MaxAnswer} bytes."));
        }

        var received = await _socket!.ReceiveAsync(_buffer.AsMemory(_filled), SocketFlags.None, cancellationToken);
        _filled += received > 0 ? received : throw new SocketException((int)SocketError.ConnectionReset);
    }
}
