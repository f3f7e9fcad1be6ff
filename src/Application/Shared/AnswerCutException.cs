using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Shared;

/// <summary>Ends a call whose answer is under way and will not become whole; the caller was told so within the answer.</summary>
/// <param name="error">Why.</param>
/// <param name="cause">What broke.</param>
public sealed class AnswerCutException(Error error, Exception? cause) : Exception(error.Message, cause)
{
    /// <summary>Why.</summary>
    public Error Error { get; } = error;
}
