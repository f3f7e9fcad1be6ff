using System.Collections.Concurrent;
using AiPlatform.Application.Shared;

namespace AiPlatform.Infrastructure.Shared;

/// <summary>Keeps something whole in memory, and reads it again when the change mark is another: before any call is answered by the new mark.</summary>
internal interface IChangeListener
{
    /// <summary>Something changed in some process.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    Task OnChangedAsync(CancellationToken cancellationToken);
}

/// <summary>
/// Values are kept until something changes. A change in another process shows by the database's <see cref="ChangeMark"/>, which
/// is looked at while calls come in: a value is answered only if the mark was seen unchanged less than a second ago.
/// </summary>
internal sealed class ReadCache(ChangeMarkReader mark, IEnumerable<IChangeListener> listeners, TimeProvider time) : IReadCache
{
    private const int MaxValues = 100_000;

    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MostStale = TimeSpan.FromSeconds(1);

    private readonly Lock _looking = new();

    private Task _look = Task.CompletedTask;
    private Seen? _seen;
    private ConcurrentDictionary<Type, object> _kept = new();

    // Nearly every call finds all that it asks for: no state machine is made for that.
    public ValueTask<TValue?> GetAsync<TKey, TValue>(TKey key, Func<Task<TValue?>> read, CancellationToken cancellationToken)
        where TKey : notnull
        where TValue : class
    {
        if (Age() is var age && age >= LookAgainAfter && Look() is var look && age >= MostStale)
        {
            return ReadAfterAsync(look, key, read, cancellationToken);
        }

        var values = ValuesOf<TKey, TValue>();
        return values.TryGetValue(key, out var known) ? new ValueTask<TValue?>(known) : ReadAsync(values, key, read);
    }

    public void Forget() => Volatile.Write(ref _kept, new ConcurrentDictionary<Type, object>());

    private static async ValueTask<TValue?> ReadAsync<TKey, TValue>(Values<TKey, TValue> values, TKey key, Func<Task<TValue?>> read)
        where TKey : notnull
        where TValue : class
    {
        if (await read() is not { } value)
        {
            return null;
        }

        if (values.Count >= MaxValues)
        {
            values.Clear();
        }

        values[key] = value;
        return value;
    }

    private async ValueTask<TValue?> ReadAfterAsync<TKey, TValue>(
        Task look, TKey key, Func<Task<TValue?>> read, CancellationToken cancellationToken)
        where TKey : notnull
        where TValue : class
    {
        await look.WaitAsync(cancellationToken);
        var values = ValuesOf<TKey, TValue>();
        return values.TryGetValue(key, out var known) ? known : await ReadAsync(values, key, read);
    }

    // What was read before a change goes into what was forgotten with it.
    private Values<TKey, TValue> ValuesOf<TKey, TValue>()
        where TKey : notnull =>
        (Values<TKey, TValue>)Volatile.Read(ref _kept).GetOrAdd(typeof(TValue), _ => new Values<TKey, TValue>());

    private TimeSpan Age() => Volatile.Read(ref _seen) is { } seen ? time.GetElapsedTime(seen.Timestamp) : TimeSpan.MaxValue;

    /// <summary>One look at a time, however many calls want it.</summary>
    private Task Look()
    {
        lock (_looking)
        {
            return _look.IsCompleted && Age() >= LookAgainAfter ? _look = LookAsync() : _look;
        }
    }

    private async Task LookAsync()
    {
        await Task.Yield();
        var timestamp = time.GetTimestamp();
        var value = await mark.ReadAsync(CancellationToken.None);
        if (_seen?.Mark != value)
        {
            Forget();
            foreach (var listener in listeners)
            {
                await listener.OnChangedAsync(CancellationToken.None);
            }
        }

        Volatile.Write(ref _seen, new Seen(value, timestamp));
    }

    private sealed record Seen(Guid Mark, long Timestamp);

    private sealed class Values<TKey, TValue> : ConcurrentDictionary<TKey, TValue>
        where TKey : notnull;
}
