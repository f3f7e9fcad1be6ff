using System.Threading.Channels;
using Microsoft.Extensions.Options;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>The steps that wait for the journal: many callers put them in, the journal's thread takes them out together.</summary>
internal sealed class JournalQueue(IOptions<MeteringOptions> options) : IDisposable
{
    private readonly Channel<JournalStep> _steps =
        Channel.CreateBounded<JournalStep>(new BoundedChannelOptions(options.Value.QueueCapacity) { SingleReader = true });

    private readonly ManualResetEventSlim _changed = new();

    private int _isWoken;

    // Callers who are putting a step in, and may be waiting for a place.
    private int _adding;

    private volatile bool _isClosing;

    /// <summary>Whether steps wait.</summary>
    public bool HasSteps => _steps.Reader.Count > 0;

    /// <summary>Puts a step in unless the queue is full or closed.</summary>
    public bool TryAdd(JournalStep step)
    {
        var isIn = !_isClosing && _steps.Writer.TryWrite(step);
        _changed.Set();
        return isIn;
    }

    /// <summary>Puts a step in, waiting for a place.</summary>
    /// <exception cref="ChannelClosedException">The queue is closed.</exception>
    public async Task AddAsync(JournalStep step, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _adding);
        try
        {
            if (_isClosing)
            {
                throw new ChannelClosedException();
            }

            await _steps.Writer.WriteAsync(step, cancellationToken);
        }
        finally
        {
            if (Interlocked.Decrement(ref _adding) == 0 && _isClosing)
            {
                _steps.Writer.TryComplete();
            }

            _changed.Set();
        }
    }

    /// <summary>
    /// Takes all that waits and for which there is room; where nothing can be taken, blocks until something is there or
    /// <see cref="Wake"/> is called.
    /// </summary>
    /// <param name="batch">Where to put it.</param>
    /// <param name="room">For how many there is room when it is asked. Until they are handled, what waits must not lose its room to others.</param>
    /// <returns>Whether there may be more to come; not so only when the queue is closed and empty.</returns>
    public bool Take(List<JournalStep> batch, Func<int> room)
    {
        if (TakeWaiting(batch, room))
        {
            return true;
        }

        _changed.Reset();

        // What came in before the reset is seen here, what comes after it ends the wait.
        if (TakeWaiting(batch, room) || Interlocked.Exchange(ref _isWoken, 0) == 1)
        {
            return true;
        }

        if (_steps.Reader.Completion.IsCompleted)
        {
            return false;
        }

        _changed.Wait();
        Volatile.Write(ref _isWoken, 0);
        TakeWaiting(batch, room);
        return true;
    }

    /// <summary>Ends a wait for steps: there is something else to do.</summary>
    public void Wake()
    {
        Volatile.Write(ref _isWoken, 1);
        _changed.Set();
    }

    /// <summary>Takes no more in, but from those who wait for a place; what waits can still be taken.</summary>
    public void Close()
    {
        _isClosing = true;
        if (Interlocked.CompareExchange(ref _adding, 0, 0) == 0)
        {
            _steps.Writer.TryComplete();
        }

        _changed.Set();
    }

    public void Dispose() => _changed.Dispose();

    private bool TakeWaiting(List<JournalStep> batch, Func<int> room)
    {
        var most = _steps.Reader.TryPeek(out _) ? room() : 0;
        while (batch.Count < most && _steps.Reader.TryRead(out var step))
        {
            batch.Add(step);
        }

        return batch.Count > 0;
    }
}
