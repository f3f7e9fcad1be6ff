using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Shared;

/// <summary>
/// Ends a call whose answer is under way and will not become whole. A caller whose fault it is not was told so within the answer; the
/// write that another does not take is cancelled, which cuts its connection: no clean end says that the answer is whole.
/// </summary>
/// <param name="error">Why; below <see cref="ErrorKind.Internal"/> it is the caller's fault.</param>
/// <param name="cause">What broke.</param>
public sealed class AnswerCutException(Error error, Exception? cause) : Exception(error.Message, cause)
{
    /// <summary>Why.</summary>
    public Error Error { get; } = error;
}
