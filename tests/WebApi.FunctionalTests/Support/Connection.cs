using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AiPlatform.WebApi.FunctionalTests.Support;

/// <summary>A client that sends exactly the bytes that it is told to.</summary>
public sealed class Connection : IDisposable
{
    private readonly TcpClient _client = new();

    public static async Task<Connection> OpenAsync(Uri address)
    {
        var connection = new Connection();
        await connection._client.ConnectAsync(IPAddress.Loopback, address.Port);
        return connection;
    }

    public async Task SendAsync(string text)
    {
        try
        {
            await _client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text));
        }
        catch (IOException)
        {
            // The server has answered and closed before the end; the answer is still to be read.
        }
    }

    /// <summary>Reads the first line of an answer.</summary>
    public async Task<int> ReadStatusAsync() =>
        int.Parse((await ReadLineAsync()).Split(' ')[1], CultureInfo.InvariantCulture);

    /// <summary>Reads one line, and no byte beyond it.</summary>
    public async Task<string> ReadLineAsync()
    {
        var line = new StringBuilder();
        var next = new byte[1];
        while (!line.ToString().EndsWith("\r\n", StringComparison.Ordinal) && await _client.GetStream().ReadAsync(next) > 0)
        {
            line.Append((char)next[0]);
        }

        return line.ToString();
    }

    public async Task<string> ReadAllAsync()
    {
        using var answer = new MemoryStream();
        try
        {
            await _client.GetStream().CopyToAsync(answer);
        }
        catch (IOException)
        {
            // A server that does not wait for the rest of a request resets the connection behind its answer.
        }

        return Encoding.UTF8.GetString(answer.ToArray());
    }

    public void Cut() => _client.Client.Close(0);

    public void Dispose() => _client.Dispose();
}
