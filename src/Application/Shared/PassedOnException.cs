namespace AiPlatform.Application.Shared;

/// <summary>Ends a call with the answer of somebody else, word for word: a model provider's own refusal.</summary>
/// <param name="provider">Whose refusal it is.</param>
/// <param name="status">The HTTP status, 400 to 599.</param>
/// <param name="json">The body: one JSON value.</param>
public sealed class PassedOnException(string provider, int status, ReadOnlyMemory<byte> json) : Exception("A provider's refusal is passed on.")
{
    /// <summary>Whose refusal it is.</summary>
    public string Provider { get; } = provider;

    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>The body: one JSON value.</summary>
    public ReadOnlyMemory<byte> Json { get; } = json;

    /// <summary>How long the caller should wait before trying again; <see langword="null"/> where nothing was said.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
