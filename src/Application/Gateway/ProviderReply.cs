using System.Buffers;

namespace AiPlatform.Application.Gateway;

/// <summary>A provider's answer, whose body is read as it arrives.</summary>
/// <param name="provider">The provider that answered.</param>
/// <param name="status">The HTTP status it answered.</param>
/// <param name="body">The body.</param>
/// <param name="deadline">Cancelled when the time that the provider has for the whole answer is over.</param>
/// <param name="connection">What to let go with the answer.</param>
public sealed class ProviderReply(
    string provider, int status, Stream body, CancellationToken deadline, IDisposable? connection = null) : IAsyncDisposable
{
    private const int ShortAnswer = 4096;

    /// <summary>The provider that answered.</summary>
    public string Provider { get; } = provider;

    /// <summary>The HTTP status it answered.</summary>
    public int Status { get; } = status;

    /// <summary>The body. Reads also stop at <see cref="Deadline"/> only where the reader passes that token.</summary>
    public Stream Body { get; } = body;

    /// <summary>Cancelled when the time that the provider has for the whole answer is over.</summary>
    public CancellationToken Deadline { get; } = deadline;

    /// <summary>The body's media type, as sent.</summary>
    public string? ContentType { get; init; }

    /// <summary>The body's length in bytes, where the provider announces it.</summary>
    public long? ContentLength { get; init; }

    /// <summary>How long the provider asks to wait, at most an hour; <see langword="null"/> where it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The provider's own id of the request, for a support case with it.</summary>
    public string? ProviderRequestId { get; init; }

    /// <summary>Whether the provider did what it was asked.</summary>
    public bool IsSuccess => Status is >= 200 and <= 299;

    /// <summary>Reads the whole body, refusing to hold more than <paramref name="limit"/> bytes.</summary>
    /// <param name="limit">The most bytes held.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="ProviderUnreachableException">The body broke off, took too long, or is larger than the limit.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadBodyAsync(int limit, CancellationToken cancellationToken)
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Deadline);

        // One byte more than announced, so that the end is seen without the buffer growing.
        var buffer = new ArrayBufferWriter<byte>((int)Math.Min(ContentLength ?? ShortAnswer, limit) + 1);
        try
        {
            while (await Body.ReadAsync(buffer.GetMemory(), reading.Token) is var read and > 0)
            {
                buffer.Advance(read);
                if (buffer.WrittenCount > limit)
                {
                    throw new ProviderUnreachableException($"The answer exceeds {limit} bytes.", mayHaveRun: true);
                }
            }
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ProviderUnreachableException("The answer did not end in time.", mayHaveRun: true, late);
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            throw new ProviderUnreachableException("The answer broke off.", mayHaveRun: true, broken);
        }

        return buffer.WrittenMemory;
    }

    /// <summary>Reads on in the body.</summary>
    /// <param name="buffer">Where it goes.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>How many bytes were read; zero at the end.</returns>
    /// <exception cref="ProviderUnreachableException">The body broke off, or took too long.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Deadline);
        try
        {
            return await Body.ReadAsync(buffer, reading.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ProviderUnreachableException("The answer did not end in time.", mayHaveRun: true, late);
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            throw new ProviderUnreachableException("The answer broke off.", mayHaveRun: true, broken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Body.DisposeAsync();
        connection?.Dispose();
    }
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

    /// <summary>When the provider may be asked again, where that is known.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
