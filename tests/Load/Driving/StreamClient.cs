using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace AiPlatform.Load.Driving;

/// <summary>Reads one stream of the upstream's over a kept-alive connection, noting when each chunk came.</summary>
internal sealed class StreamClient(IPEndPoint server) : IDisposable
{
    private const int BufferSize = 64 * 1024;

    private static ReadOnlySpan<byte> Sent => "\"sent\":"u8;

    private readonly byte[] _buffer = new byte[BufferSize];

    private Socket? _socket;

    /// <summary>Asks for a stream and reads it to its end.</summary>
    /// <param name="request">The request.</param>
    /// <param name="delays">Takes how long each chunk was under way, the first one's left out.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>When the first chunk came, and how many came.</returns>
    /// <exception cref="IOException">The stream broke off, or it is no stream.</exception>
    public async Task<(TimeSpan First, int Chunks)> ReadAsync(byte[] request, LatencyHistogram delays, CancellationToken cancellationToken)
    {
        _socket ??= await ConnectAsync(cancellationToken);
        var started = Stopwatch.GetTimestamp();
        for (var sent = 0; sent < request.Length;)
        {
            sent += await _socket.SendAsync(request.AsMemory(sent), SocketFlags.None, cancellationToken);
        }

        var (first, chunks, filled) = (TimeSpan.Zero, 0, 0);
        while (true)
        {
            var received = await _socket.ReceiveAsync(_buffer.AsMemory(filled), SocketFlags.None, cancellationToken);
            var now = Stopwatch.GetTimestamp();
            filled += received > 0 ? received : throw new IOException("The stream broke off.");
            var isEnd = _buffer.AsSpan(0, filled).EndsWith("\r\n0\r\n\r\n"u8);
            var (taken, stamps) = Stamps(_buffer.AsSpan(0, filled));
            foreach (var stamp in stamps)
            {
                if (chunks++ == 0)
                {
                    first = Stopwatch.GetElapsedTime(started, now);
                }
                else
                {
                    delays.Add(Stopwatch.GetElapsedTime(stamp, now));
                }
            }

            if (isEnd)
            {
                return (first, chunks);
            }

            if (chunks == 0 && filled > 12 && !_buffer.AsSpan(0, filled).StartsWith("HTTP/1.1 200"u8))
            {
                throw new IOException($"The stream was refused: {System.Text.Encoding.UTF8.GetString(_buffer, 0, filled)}");
            }

            _buffer.AsSpan(taken, filled - taken).CopyTo(_buffer);
            filled -= taken;
        }
    }

    public void Dispose() => _socket?.Dispose();

    /// <summary>The times at which the whole chunks were sent, and where the last one's ends.</summary>
    private static (int Taken, List<long> Stamps) Stamps(ReadOnlySpan<byte> bytes)
    {
        var (taken, stamps) = (0, new List<long>(1));
        while (bytes[taken..].IndexOf(Sent) is var at and >= 0)
        {
            var start = taken + at + Sent.Length;
            if (!Utf8Parser.TryParse(bytes[start..], out long stamp, out var length) || start + length == bytes.Length)
            {
                break;
            }

            stamps.Add(stamp);
            taken = start + length;
        }

        return (taken, stamps);
    }

    private async Task<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, cancellationToken);
        return socket;
    }
}
