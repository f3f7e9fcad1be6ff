using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace AiPlatform.WebApi.FunctionalTests.Support;

/// <summary>
/// Stands between a platform and its PostgreSQL, and cuts the connection when the server says that a chosen commit is durable:
/// the platform never hears of it.
/// </summary>
public sealed class CommitCutter : IAsyncDisposable
{
    /// <summary>The protocol's message that a COMMIT is complete.</summary>
    private static readonly byte[] Committed = [(byte)'C', 0, 0, 0, 11, .. "COMMIT\0"u8];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly Task _accepting;

    private CancellationTokenSource _connections = new();
    private int _commitsToCut;
    private int _cut;

    public CommitCutter(string connectionString)
    {
        _server = new NpgsqlConnectionStringBuilder(connectionString);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>What happens when a commit that is cut off is durable, before the platform finds out.</summary>
    public Func<Task> WhenDurable { get; set; } = () => Task.CompletedTask;

    /// <summary>How many commits were cut off.</summary>
    public int Cut => _cut;

    /// <summary>How to reach the server through the cutter.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder(_server.ConnectionString)
    {
        Host = "127.0.0.1",
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
        SslMode = SslMode.Disable,
    }.ConnectionString;

    /// <summary>Cuts off the commit of this number, counted from now.</summary>
    public void CutCommit(int number) => Volatile.Write(ref _commitsToCut, number);

    /// <summary>Cuts every connection, and those that are made until <see cref="Mend"/>. What the server was sent, it carries out all the same.</summary>
    public Task CutConnectionsAsync() => _connections.CancelAsync();

    /// <summary>Lets connections through again.</summary>
    public void Mend() => Interlocked.Exchange(ref _connections, new CancellationTokenSource()).Dispose();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
        _connections.Dispose();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        var relays = new List<Task>();
        try
        {
            while (true)
            {
                relays.Add(RelayAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(relays);
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, _connections.Token);
        client.NoDelay = true;
        try
        {
            await server.ConnectAsync(_server.Host!, _server.Port, cut.Token);
            await Task.WhenAny(
                CopyAsync(client.GetStream(), server.GetStream(), looksForCommits: false, cut.Token),
                CopyAsync(server.GetStream(), client.GetStream(), looksForCommits: true, cut.Token));
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException)
        {
            // The platform, the server or the test is gone.
        }
        finally
        {
            client.Dispose();
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, bool looksForCommits, CancellationToken cut)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, cut) is var read and > 0)
            {
                if (looksForCommits && buffer.AsSpan(0, read).IndexOf(Committed) >= 0 && Interlocked.Decrement(ref _commitsToCut) == 0)
                {
                    Interlocked.Increment(ref _cut);
                    await WhenDurable();
                    return;
                }

                await to.WriteAsync(buffer.AsMemory(0, read), cut);
            }
        }
        catch (Exception over) when (over is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The other side is gone.
        }
    }
}
