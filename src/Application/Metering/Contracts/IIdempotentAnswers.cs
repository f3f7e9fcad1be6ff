using AiPlatform.Domain.Metering;

namespace AiPlatform.Application.Metering.Contracts;

/// <summary>What became of an earlier call with the same key.</summary>
public enum EarlierOutcome
{
    /// <summary>It still runs.</summary>
    InProgress,

    /// <summary>It was answered and charged, and the answer is kept.</summary>
    Answered,

    /// <summary>It was charged, but there is no answer to give again.</summary>
    NotKept,

    /// <summary>Nobody knows; an administrator decides.</summary>
    Disputed,
}

/// <summary>An earlier call with the same key.</summary>
/// <param name="RequestId">The call.</param>
/// <param name="IsSame">Whether its route and its body were the same too.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Answer">Its answer as <see cref="IIdempotentAnswers.Seal"/> took it, JSON; empty where there is none.</param>
public sealed record EarlierCall(Guid RequestId, bool IsSame, EarlierOutcome Outcome, ReadOnlyMemory<byte> Answer);

/// <summary>The answers of calls that carry an <c>Idempotency-Key</c>, kept for a day. They can hold signed links, so they are encrypted.</summary>
public interface IIdempotentAnswers
{
    /// <summary>Identifies a call. Neither the key nor the body can be read from what identifies it.</summary>
    /// <param name="userId">The caller's account, which keys are unique within.</param>
    /// <param name="key">The caller's key.</param>
    /// <param name="routeKey">The route.</param>
    /// <param name="body">The body as it was sent.</param>
    IdempotencyKey Identify(Guid userId, string key, string routeKey, ReadOnlySpan<byte> body);

    /// <summary>The earlier call that has the key; <see langword="null"/> where the key is free.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<EarlierCall?> FindAsync(IdempotencyKey key, CancellationToken cancellationToken);

    /// <summary>Encrypts an answer to be committed with its charge.</summary>
    /// <param name="key">The key.</param>
    /// <param name="answer">The answer, JSON.</param>
    /// <returns><see langword="null"/> where the answer is too large to be kept.</returns>
    byte[]? Seal(IdempotencyKey key, ReadOnlySpan<byte> answer);
}
