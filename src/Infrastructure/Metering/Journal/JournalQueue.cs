using System.Threading.Channels;

namespace AiPlatform.Infrastructure.Metering.Journal;

/// <summary>The steps that wait for the journal: many callers put them in, the journal's thread takes them out together.</summary>
internal sealed class JournalQueue(int capacity) : IDisposable
{
    private readonly Channel<JournalStep> _steps =
        Channel.CreateBounded<JournalStep>(new BoundedChannelOptions(capacity) { SingleReader = true });

    private readonly ManualResetEventSlim _changed = new();

    /// <summary>Puts a step in unless the queue is full or closed.</summary>
    public bool TryAdd(JournalStep step)
    {
        var isIn = _steps.Writer.TryWrite(step);
        _changed.Set();
        return isIn;
    }

    /// <summary>Puts a step in, waiting for a place.</summary>
    /// <exception cref="ChannelClosedException">The queue is closed.</exception>
    public async Task AddAsync(JournalStep step, CancellationToken cancellationToken)
    {
        await _steps.Writer.WriteAsync(step, cancellationToken);
        _changed.Set();
    }

    /// <summary>Takes all that waits, at most <paramref name="most"/>; where nothing does, blocks until something is there.</summary>
    /// <returns>Whether there was anything; not so only when the queue is closed and empty.</returns>
    public bool Take(List<JournalStep> batch, int most)
    {
        while (!TakeWaiting(batch, most))
        {
            _changed.Reset();

            // What came in before the reset is seen here, what comes after it ends the wait.
            if (TakeWaiting(batch, most))
            {
                return true;
            }

            if (_steps.Reader.Completion.IsCompleted)
            {
                return false;
            }

            _changed.Wait();
        }

        return true;
    }

    /// <summary>Takes no more in; what waits can still be taken.</summary>
    public void Close()
    {
        _steps.Writer.TryComplete();
        _changed.Set();
    }

    public void Dispose() => _changed.Dispose();

    private bool TakeWaiting(List<JournalStep> batch, int most)
    {
        while (batch.Count < most && _steps.Reader.TryRead(out var step))
        {
            batch.Add(step);
        }

        return batch.Count > 0;
    }
}
