using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace AiPlatform.Load.Driving;

/// <summary>Connections that send their requests over and over, and what came of them.</summary>
internal sealed class ClientLoad : IDisposable
{
    private readonly Client[] _clients;

    public ClientLoad(Uri target, byte[][] requests, int connections)
    {
        var server = new IPEndPoint(IPAddress.Parse(target.Host), target.Port);
        _clients = [.. Enumerable.Range(0, connections).Select(number => new Client(server, requests, number, connections))];
    }

    /// <summary>A closed loop: each connection sends its next request as soon as it has its answer.</summary>
    public async Task<DriveResult> DriveAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(_clients.Select(client => client.LoopAsync(started, duration, cancellationToken)));
        return Collect(Stopwatch.GetElapsedTime(started));
    }

    /// <summary>
    /// An open loop: requests come at a rate, whether or not earlier ones are answered, and a request that finds every
    /// connection busy waits; its time counts from when it came.
    /// </summary>
    public async Task<DriveResult> DriveAsync(int rate, TimeSpan duration, CancellationToken cancellationToken)
    {
        var idle = new Queue<Client>(_clients);
        var arrived = new Queue<long>();
        var running = new HashSet<Task<Client>>();
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        var released = 0L;
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
            var now = Stopwatch.GetTimestamp();
            for (var due = (long)(Stopwatch.GetElapsedTime(started, now).TotalSeconds * rate); released < due; released++)
            {
                arrived.Enqueue(now);
            }

            foreach (var ended in running.Where(task => task.IsCompleted).ToList())
            {
                running.Remove(ended);
                idle.Enqueue(await ended);
            }

            while (arrived.Count > 0 && idle.TryDequeue(out var client))
            {
                running.Add(client.SendAsync(arrived.Dequeue(), cancellationToken));
            }
        }

        await Task.WhenAll(running);
        return Collect(Stopwatch.GetElapsedTime(started));
    }

    public void Dispose() => Array.ForEach(_clients, client => client.Dispose());

    private DriveResult Collect(TimeSpan elapsed)
    {
        var latencies = new LatencyHistogram();
        var failures = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var client in _clients)
        {
            var (ownLatencies, ownFailures) = client.Take();
            latencies.Add(ownLatencies);
            foreach (var (kind, count) in ownFailures)
            {
                failures[kind] = failures.GetValueOrDefault(kind) + count;
            }
        }

        return new DriveResult(
            latencies.Count, failures, elapsed.TotalSeconds, latencies.Quantile(0.5), latencies.Quantile(0.99), latencies.Quantile(1));
    }

    /// <summary>One connection with its share of the requests.</summary>
    private sealed class Client(IPEndPoint server, byte[][] requests, int number, int stride) : IDisposable
    {
        private readonly Connection _connection = new(server);

        private LatencyHistogram _latencies = new();
        private Dictionary<string, long> _failures = new(StringComparer.Ordinal);
        private int _next = number % requests.Length;

        public async Task LoopAsync(long started, TimeSpan duration, CancellationToken cancellationToken)
        {
            while (Stopwatch.GetElapsedTime(started) < duration)
            {
                await SendAsync(Stopwatch.GetTimestamp(), cancellationToken);
            }
        }

        public async Task<Client> SendAsync(long since, CancellationToken cancellationToken)
        {
            var request = requests[_next];
            _next = (_next + stride) % requests.Length;
            try
            {
                var status = await _connection.SendAsync(request, cancellationToken);
                if (status == 200)
                {
                    _latencies.Add(Stopwatch.GetElapsedTime(since));
                }
                else
                {
                    Fail($"{status}");
                }
            }
            catch (Exception broken) when (broken is SocketException or IOException)
            {
                Fail(broken is SocketException { SocketErrorCode: var code } ? $"{code}" : "unreadable");
                await Task.Delay(10, cancellationToken);
            }

            return this;
        }

        public (LatencyHistogram Latencies, Dictionary<string, long> Failures) Take()
        {
            var taken = (_latencies, _failures);
            (_latencies, _failures) = (new(), new(StringComparer.Ordinal));
            return taken;
        }

        public void Dispose() => _connection.Dispose();

        private void Fail(string kind) => _failures[kind] = _failures.GetValueOrDefault(kind) + 1;
    }
}
