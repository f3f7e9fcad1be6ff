using AiPlatform.Application.Gateway.Contracts;

namespace AiPlatform.Infrastructure.Gateway.Providers;

/// <summary>What came of a call to a provider.</summary>
internal enum CallOutcome
{
    Succeeded,
    Abandoned,
    NotSent,
    Refused,
    TimedOut,
    Broken,
    Unauthorized,
    Throttled,
    ClientError,
    ServerError,
}

/// <summary>
/// What became of a provider's calls in the last minutes. A call counts once, when it ends, however often it was repeated. Memory
/// is bounded: one bucket a minute, taken anew when its minute comes round.
/// </summary>
internal sealed class ProviderTraffic(TimeProvider time)
{
    /// <summary>The minutes looked back on, the current one included.</summary>
    public const int Minutes = 5;

    private readonly TimeProvider _time = time;
    private readonly Lock _lock = new();
    private readonly Bucket[] _buckets = [.. Enumerable.Range(0, Minutes).Select(_ => new Bucket())];
    private int _inFlight;
    private DateTimeOffset? _lastSuccess;
    private DateTimeOffset? _lastFailure;

    /// <summary>Begins a call, which ends when it is disposed.</summary>
    public Call Begin()
    {
        Interlocked.Increment(ref _inFlight);
        return new Call(this);
    }

    /// <summary>Reads what is known now.</summary>
    /// <param name="circuits">The circuits of the provider's routes.</param>
    public ProviderHealth Read(IReadOnlyList<RouteCircuit> circuits)
    {
        lock (_lock)
        {
            var now = Minute();
            var recent = Array.FindAll(_buckets, bucket => bucket.Minute > now - Minutes);
            var outcomes = new int[Bucket.Outcomes];
            var latencies = new int[LatencyHistogram.Size];
            foreach (var bucket in recent)
            {
                bucket.AddTo(outcomes, latencies);
            }

            return new ProviderHealth(StateOf(outcomes), Volatile.Read(ref _inFlight), outcomes.Sum(), outcomes[(int)CallOutcome.Abandoned])
            {
                Failures = FailuresIn(outcomes),
                LastSuccess = _lastSuccess,
                LastFailure = _lastFailure,
                MedianFirstByte = LatencyHistogram.MedianOf(latencies),
                Circuits = circuits,
            };
        }
    }

    /// <summary>A request that its sender got wrong says nothing of the provider, nor does a caller who leaves.</summary>
    private static ProviderState StateOf(int[] outcomes)
    {
        var answered = outcomes[(int)CallOutcome.Succeeded] + outcomes[(int)CallOutcome.ClientError];
        var failed = outcomes.Sum() - answered - outcomes[(int)CallOutcome.Abandoned];
        return (answered, failed) switch
        {
            (0, 0) => ProviderState.Idle,
            (_, 0) => ProviderState.Healthy,
            _ => failed >= answered ? ProviderState.Unhealthy : ProviderState.Degraded,
        };
    }

    private static ProviderFailures FailuresIn(int[] outcomes) => new(
        NotSent: outcomes[(int)CallOutcome.NotSent],
        Refused: outcomes[(int)CallOutcome.Refused],
        TimedOut: outcomes[(int)CallOutcome.TimedOut],
        Broken: outcomes[(int)CallOutcome.Broken],
        Unauthorized: outcomes[(int)CallOutcome.Unauthorized],
        Throttled: outcomes[(int)CallOutcome.Throttled],
        ClientError: outcomes[(int)CallOutcome.ClientError],
        ServerError: outcomes[(int)CallOutcome.ServerError]);

    private void End(CallOutcome outcome, TimeSpan? firstByte)
    {
        Interlocked.Decrement(ref _inFlight);
        lock (_lock)
        {
            var minute = Minute();
            var bucket = _buckets[minute % Minutes];
            if (bucket.Minute != minute)
            {
                bucket.Restart(minute);
            }

            bucket.Count(outcome, firstByte);
            switch (outcome)
            {
                case CallOutcome.Succeeded:
                    _lastSuccess = _time.GetUtcNow();
                    break;
                case not CallOutcome.Abandoned:
                    _lastFailure = _time.GetUtcNow();
                    break;
            }
        }
    }

    private long Minute() => _time.GetUtcNow().Ticks / TimeSpan.TicksPerMinute;

    /// <summary>One call. It is abandoned unless something is said of it.</summary>
    internal sealed class Call(ProviderTraffic traffic) : IDisposable
    {
        private long _sent;
        private TimeSpan? _firstByte;
        private CallOutcome _outcome = CallOutcome.Abandoned;
        private bool _ended;

        /// <summary>Notes that a request goes out.</summary>
        public void Sent() => _sent = traffic._time.GetTimestamp();

        /// <summary>Notes the answer's status.</summary>
        public void Answered(int status)
        {
            _firstByte = traffic._time.GetElapsedTime(_sent);
            _outcome = status switch
            {
                >= 200 and <= 299 => CallOutcome.Succeeded,
                401 or 403 => CallOutcome.Unauthorized,
                429 => CallOutcome.Throttled,
                408 or >= 500 => CallOutcome.ServerError,
                _ => CallOutcome.ClientError,
            };
        }

        /// <summary>Notes why there is no whole answer. An answer that is a failure by its status stays one of that kind.</summary>
        public void Fail(CallOutcome outcome)
        {
            if (_outcome is CallOutcome.Succeeded or CallOutcome.Abandoned)
            {
                _outcome = outcome;
            }
        }

        public void Dispose()
        {
            if (!_ended)
            {
                _ended = true;
                traffic.End(_outcome, _firstByte);
            }
        }
    }

    private sealed class Bucket
    {
        public const int Outcomes = (int)CallOutcome.ServerError + 1;

        private readonly int[] _outcomes = new int[Outcomes];
        private readonly int[] _latencies = new int[LatencyHistogram.Size];

        public long Minute { get; private set; } = long.MinValue;

        public void Restart(long minute)
        {
            Minute = minute;
            Array.Clear(_outcomes);
            Array.Clear(_latencies);
        }

        public void Count(CallOutcome outcome, TimeSpan? firstByte)
        {
            _outcomes[(int)outcome]++;
            if (firstByte is { } latency)
            {
                _latencies[LatencyHistogram.IndexOf(latency)]++;
            }
        }

        public void AddTo(int[] outcomes, int[] latencies)
        {
            for (var outcome = 0; outcome < Outcomes; outcome++)
            {
                outcomes[outcome] += _outcomes[outcome];
            }

            for (var latency = 0; latency < latencies.Length; latency++)
            {
                latencies[latency] += _latencies[latency];
            }
        }
    }
}
