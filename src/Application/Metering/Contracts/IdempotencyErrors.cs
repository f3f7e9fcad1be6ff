using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Metering.Contracts;

/// <summary>Why a call with an <c>Idempotency-Key</c> is not carried out.</summary>
public static class IdempotencyErrors
{
    /// <summary>The key is empty, too long, no text, or there are several.</summary>
    public static readonly Error KeyInvalid = new(
        "idempotency_key_invalid", ErrorKind.BadRequest, "Idempotency-Key must be one text of 1 to 255 printable ASCII characters");

    /// <summary>An earlier call had the key and was another one.</summary>
    public static readonly Error KeyReused = new(
        "idempotency_key_reused",
        ErrorKind.Conflict,
        "This Idempotency-Key was sent before with another body or on another route. Use a new key for a new call.");

    /// <summary>The earlier call still runs.</summary>
    public static readonly Error InProgress = new(
        "idempotency_in_progress", ErrorKind.Conflict, "The call with this Idempotency-Key still runs. Send it again shortly for its answer.")
    {
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    /// <summary>The outcome of the earlier call is unknown.</summary>
    public static readonly Error Disputed = new(
        "idempotency_disputed",
        ErrorKind.Conflict,
        "The outcome of the call with this Idempotency-Key is unknown until an administrator resolves its dispute. A new key makes a new call.");

    /// <summary>The earlier call was charged, but its answer is not kept.</summary>
    public static readonly Error NotKept = new(
        "idempotency_answer_not_kept",
        ErrorKind.Conflict,
        "The call with this Idempotency-Key was charged, but its answer is not kept: it was too large, or the call was settled without one. A new key makes a new call.");

    /// <summary>All of them, in check order.</summary>
    public static IReadOnlyList<Error> All { get; } = [KeyInvalid, KeyReused, InProgress, Disputed, NotKept];
}
