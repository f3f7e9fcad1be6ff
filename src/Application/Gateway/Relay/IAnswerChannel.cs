using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Gateway.Relay;

/// <summary>The way of an answer to the caller while the call is still under way.</summary>
public interface IAnswerChannel
{
    /// <summary>Whether the answer has begun, so that its status cannot change any more.</summary>
    bool HasStarted { get; }

    /// <summary>Begins a stream of events.</summary>
    /// <param name="provider">The provider that serves it.</param>
    /// <param name="model">Public name of the model.</param>
    void Start(string provider, string model);

    /// <summary>Sends events on their way at once; returns when the caller's side takes them, so that a slow one slows its provider down.</summary>
    /// <param name="events">Whole events.</param>
    /// <param name="cancellationToken">The caller left.</param>
    ValueTask SendAsync(ReadOnlyMemory<byte> events, CancellationToken cancellationToken);

    /// <summary>Tells the caller, within the answer, that it will not become whole.</summary>
    /// <param name="error">Why.</param>
    /// <param name="cancellationToken">The caller left.</param>
    ValueTask FailAsync(Error error, CancellationToken cancellationToken);
}
