using AiPlatform.Application.Gateway;

namespace AiPlatform.Infrastructure.Gateway.Providers;

/// <summary>
/// One call to a provider from its turn to the end of its answer: the clock it runs against, and what to let go at the end.
/// </summary>
internal sealed class ProviderConnection(ProviderTraffic traffic, TimeSpan limit, TimeProvider time) : IProviderBody
{
    private readonly CancellationTokenSource _clock = new(limit, time);
    private readonly long _started = time.GetTimestamp();
    private readonly ProviderTraffic.Call _call = traffic.Begin();
    private TimeSpan _limit = limit;
    private TimeSpan _idleLimit = Timeout.InfiniteTimeSpan;
    private HttpResponseMessage? _response;
    private Stream _body = Stream.Null;

    /// <summary>Cancelled when the time of the call is over, or its caller leaves while <see cref="EndWith"/> lasts.</summary>
    public CancellationToken Deadline => _clock.Token;

    /// <summary>The turn of the call.</summary>
    public IDisposable? Slot { get; set; }

    /// <summary>Lets the call end when its caller leaves, until what is returned is disposed.</summary>
    public CancellationTokenRegistration EndWith(CancellationToken caller) =>
        caller.UnsafeRegister(static clock => ((CancellationTokenSource)clock!).Cancel(), _clock);

    /// <summary>Notes that a request goes out; the last one's answer is timed.</summary>
    public void Sent() => _call.Sent();

    /// <summary>Notes why the call failed, where that is not the answer's status.</summary>
    public void Fail(CallOutcome outcome) => _call.Fail(outcome);

    /// <summary>Takes the answer, whose body is read from now on.</summary>
    public void Take(HttpResponseMessage response)
    {
        _response = response;
        _call.Answered((int)response.StatusCode);

        // The stream of a body that is still to arrive: nothing is waited for.
        _body = response.Content.ReadAsStream();
    }

    /// <summary>Gives a stream its time: so much in all, and so much to each read.</summary>
    public void BecomeStream(TimeSpan streamLimit, TimeSpan idleLimit)
    {
        (_limit, _idleLimit) = (streamLimit, idleLimit);
        RestartClock(streamLimit);
    }

    // A read without room waits for bytes and takes none.
    public async ValueTask WaitAsync(CancellationToken cancellationToken) => await ReadAsync(Memory<byte>.Empty, cancellationToken);

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        RestartClock(_idleLimit);
        using var leaving = EndWith(cancellationToken);
        try
        {
            var read = await _body.ReadAsync(buffer, _clock.Token);
            RestartClock(_limit);
            return read;
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            LetGo(CallOutcome.Abandoned);
            throw new OperationCanceledException(cancellationToken);
        }
        catch (OperationCanceledException late)
        {
            LetGo(CallOutcome.TimedOut);
            throw new ProviderUnreachableException("The answer did not end in time.", mayHaveRun: true, late)
            {
                Failure = ProviderFailure.TimedOut,
            };
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            LetGo(CallOutcome.Broken);
            throw new ProviderUnreachableException("The answer broke off.", mayHaveRun: true, broken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _body.DisposeAsync();
        _response?.Dispose();
        Slot?.Dispose();
        _clock.Dispose();
        _call.Dispose();
    }

    /// <summary>Closes the connection at once, not when the reader gets round to it: nobody reads on after a failure.</summary>
    private void LetGo(CallOutcome outcome)
    {
        _call.Fail(outcome);
        _response?.Dispose();
    }

    /// <summary>
    /// One timer for both limits of a stream. Between two reads only that of the whole answer runs: the time that a reader takes is
    /// not the provider's silence.
    /// </summary>
    private void RestartClock(TimeSpan atMost)
    {
        if (_idleLimit == Timeout.InfiniteTimeSpan)
        {
            return;
        }

        var left = _limit - time.GetElapsedTime(_started);
        _clock.CancelAfter(left <= TimeSpan.Zero ? TimeSpan.Zero : left < atMost ? left : atMost);
    }
}
