using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using AiPlatform.Load.Driving;
using AiPlatform.Load.Processes;

namespace AiPlatform.Load.Crash;

/// <summary>Clients that go on calling, whatever happens to the servers, and never send a call twice.</summary>
/// <param name="addresses">Where servers listen; <see langword="null"/> for one that is down.</param>
/// <param name="users">Who calls; several connections share a user.</param>
/// <param name="calls">Every call that is made.</param>
internal sealed class CrashClients(IReadOnlyList<Uri?> addresses, IReadOnlyList<LoadUser> users, ConcurrentDictionary<string, CrashCall> calls)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentDictionary<Uri, bool> _served = new();

    private int _numbers;

    /// <summary>Whether a server has answered a call; no two ever have the same address at once.</summary>
    public bool HasServed(Uri address) => _served.ContainsKey(address);

    /// <summary>Whether any call was answered 200.</summary>
    public bool HasSucceeded => calls.Values.Any(call => call.Status == 200);

    /// <summary>Forgets a server, whose address another may take.</summary>
    public void Forget(Uri address) => _served.TryRemove(address, out _);

    /// <summary>Calls over a number of connections until it is time to stop; calls under way are awaited.</summary>
    public Task RunAsync(int connections, CancellationToken stop, CancellationToken giveUp) =>
        Task.WhenAll(Enumerable.Range(0, connections).Select(number => Task.Run(() => LoopAsync(number, stop, giveUp), giveUp)));

    private async Task LoopAsync(int number, CancellationToken stop, CancellationToken giveUp)
    {
        var user = users[number % users.Count];
        Connection? connection = null;
        Uri? connected = null;
        while (!stop.IsCancellationRequested)
        {
            var address = addresses[number % addresses.Count];
            if (address is null)
            {
                await Task.Delay(Pause, giveUp);
                continue;
            }

            if (connected != address)
            {
                connection?.Dispose();
                connection = new Connection(new IPEndPoint(IPAddress.Loopback, address.Port));
                connected = address;
            }

            await CallAsync(connection!, address, user, giveUp);
        }

        connection?.Dispose();
    }

    private async Task CallAsync(Connection connection, Uri address, LoadUser user, CancellationToken giveUp)
    {
        var marker = $"call-{Interlocked.Increment(ref _numbers):D7}";
        var call = calls[marker] = new CrashCall(marker, user.Id, TimeProvider.System.GetUtcNow());
        try
        {
            call.Status = await connection.SendAsync(
                Requests.Post(new Uri(address, PlatformProcess.Route), $$"""{"user_input":"{{marker}}"}""", user.Token, marker), giveUp);
        }
        catch (Exception broken) when (broken is SocketException or IOException)
        {
            // That is what the test is about: the client knows nothing of the call.
        }

        if (call.Status == 200)
        {
            _served.TryAdd(address, true);
        }
        else
        {
            await Task.Delay(Pause, giveUp);
        }
    }
}
