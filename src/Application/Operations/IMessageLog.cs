using AiPlatform.Domain.Operations;
using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Operations;

/// <summary>Stores reported conversations, many in one commit.</summary>
public interface IMessageLog
{
    /// <summary>Conversations that wait to be stored.</summary>
    int Waiting { get; }

    /// <summary>Stores one; when this returns, it is in the database.</summary>
    /// <param name="log">The conversation.</param>
    /// <param name="cancellationToken">Gives up waiting; it may be stored all the same.</param>
    /// <exception cref="RefusedException">More wait than can be stored soon, or the database does not answer.</exception>
    Task StoreAsync(MessageLog log, CancellationToken cancellationToken);
}

/// <summary>Why a conversation was not stored.</summary>
public static class MessageLogErrors
{
    /// <summary>More wait than can be stored soon, or the database does not answer.</summary>
    public static readonly Error Busy =
        new("message_log_busy", ErrorKind.Unavailable, "Messages cannot be logged right now. Try again in a moment.")
        {
            RetryAfter = TimeSpan.FromSeconds(1),
        };
}
