using AiPlatform.Application.Shared;

namespace AiPlatform.Application.Gateway;

/// <summary>The body of a provider's answer, as it arrives.</summary>
public interface IProviderBody : IAsyncDisposable
{
    /// <summary>Cancelled when the time for the whole answer is over; never where it has no limit.</summary>
    CancellationToken Deadline { get; }

    /// <summary>Waits until there is something to read, or the body is at its end; a reader needs no room of its own meanwhile.</summary>
    /// <param name="cancellationToken">Stops waiting, and with it the request upstream.</param>
    /// <exception cref="ProviderUnreachableException">The body broke off or took too long.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    ValueTask WaitAsync(CancellationToken cancellationToken);

    /// <summary>Reads what has arrived, waiting for at least one byte.</summary>
    /// <param name="buffer">Where the bytes go.</param>
    /// <param name="cancellationToken">Stops waiting, and with it the request upstream.</param>
    /// <returns>The number of bytes read; zero at the body's end.</returns>
    /// <exception cref="ProviderUnreachableException">The body broke off or took too long.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);
}

/// <summary>
/// A provider's answer, whose body is read as it arrives. Until it is disposed it may hold one of the calls that the provider
/// takes at a time; disposing it before its end cancels the request upstream.
/// </summary>
/// <param name="provider">The provider that answered.</param>
/// <param name="status">The HTTP status it answered.</param>
/// <param name="body">The body, which is disposed with the answer.</param>
public sealed class ProviderReply(string provider, int status, IProviderBody body) : IAsyncDisposable
{
    private const int ShortAnswer = 4096;

    /// <summary>The provider that answered.</summary>
    public string Provider { get; } = provider;

    /// <summary>The HTTP status it answered.</summary>
    public int Status { get; } = status;

    /// <summary>The body's media type, as sent.</summary>
    public string? ContentType { get; init; }

    /// <summary>The body's length in bytes, where the provider announces it.</summary>
    public long? ContentLength { get; init; }

    /// <summary>How long the provider asks to wait, at most an hour; <see langword="null"/> where it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The provider's own id of the request, for a support case with it.</summary>
    public string? ProviderRequestId { get; init; }

    /// <summary>
    /// Cancelled when the time for the whole answer is over, whatever its reader does meanwhile: waits for more, or for its own
    /// caller to take what it has.
    /// </summary>
    public CancellationToken Deadline => body.Deadline;

    /// <summary>Whether the provider did what it was asked.</summary>
    public bool IsSuccess => Status is >= 200 and <= 299;

    /// <summary>Waits until there is something to read, or the body is at its end; a reader needs no room of its own meanwhile.</summary>
    /// <param name="cancellationToken">Stops waiting, and with it the request upstream.</param>
    /// <exception cref="ProviderUnreachableException">As <see cref="ReadAsync"/>.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public ValueTask WaitAsync(CancellationToken cancellationToken) => body.WaitAsync(cancellationToken);

    /// <summary>Reads what has arrived of the body, waiting for at least one byte.</summary>
    /// <param name="buffer">Where the bytes go.</param>
    /// <param name="cancellationToken">Stops waiting, and with it the request upstream.</param>
    /// <returns>The number of bytes read; zero at the body's end.</returns>
    /// <exception cref="ProviderUnreachableException">
    /// The body broke off, no byte came in the provider's idle time-out, or the time for the whole answer is over.
    /// </exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => body.ReadAsync(buffer, cancellationToken);

    /// <summary>Reads the whole body into memory of its own, refusing to hold more than <paramref name="limit"/> bytes.</summary>
    /// <param name="limit">The most bytes held.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="ProviderUnreachableException">The body broke off, took too long, or is larger than the limit.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadBodyAsync(int limit, CancellationToken cancellationToken)
    {
        using var buffers = new BodyBuffers();
        return (await ReadBodyAsync(buffers, limit, cancellationToken)).ToArray();
    }

    /// <summary>Reads the whole body, refusing to hold more than <paramref name="limit"/> bytes.</summary>
    /// <param name="buffers">Where it lies; it holds as long as they do.</param>
    /// <param name="limit">The most bytes held.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="ProviderUnreachableException">The body broke off, took too long, or is larger than the limit.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadBodyAsync(BodyBuffers buffers, int limit, CancellationToken cancellationToken)
    {
        // One byte more than announced, so that the end is seen without the buffer growing.
        var announced = (int)Math.Min(ContentLength ?? ShortAnswer, limit) + 1;
        var buffer = buffers.Take();
        while (await body.ReadAsync(buffer.Room(announced), cancellationToken) is var read and > 0)
        {
            buffer.Advance(read);
            if (buffer.Length > limit)
            {
                throw new ProviderUnreachableException($"The answer exceeds {limit} bytes.", mayHaveRun: true);
            }
        }

        return buffer.Written;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => body.DisposeAsync();
}

/// <summary>Why a provider gave no answer.</summary>
public enum ProviderFailure
{
    /// <summary>The answer broke off, or cannot be read.</summary>
    Broken,

    /// <summary>No connection could be made.</summary>
    Refused,

    /// <summary>No answer, or no more of it, came in time.</summary>
    TimedOut,

    /// <summary>
    /// The platform sent nothing: the provider failed too often a moment ago, or already has as many calls as it may have at a time.
    /// </summary>
    NotSent,
}

/// <summary>A provider gave no answer, or none that could be read to its end.</summary>
public sealed class ProviderUnreachableException : Exception
{
    /// <summary>Says what became of the request.</summary>
    /// <param name="message">What happened, for the log.</param>
    /// <param name="mayHaveRun">Whether the provider may have done, and billed, the work.</param>
    /// <param name="cause">The failure beneath.</param>
    public ProviderUnreachableException(string message, bool mayHaveRun, Exception? cause = null)
        : base(message, cause)
    {
        MayHaveRun = mayHaveRun;
    }

    /// <summary>Whether the provider may have done, and billed, the work: then nothing may ask for it again.</summary>
    public bool MayHaveRun { get; }

    /// <summary>Why there was no answer.</summary>
    public ProviderFailure Failure { get; init; }

    /// <summary>When the provider may be asked again, where that is known.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
