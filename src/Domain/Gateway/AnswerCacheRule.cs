namespace AiPlatform.Domain.Gateway;

/// <summary>Says that calls with an API key may be answered with what a model answered its account before. Without one they may not.</summary>
public sealed class AnswerCacheRule
{
    /// <summary>Longest lifetime, in seconds: 30 days.</summary>
    public const int MaxLifetimeSeconds = 30 * 24 * 60 * 60;

    private AnswerCacheRule()
    {
    }

    /// <summary>Switches the cache on.</summary>
    /// <param name="apiKeyId">For whose calls.</param>
    /// <param name="lifetimeSeconds">How old an answer may be, in seconds; 1 to <see cref="MaxLifetimeSeconds"/>.</param>
    /// <param name="actorId">The administrator.</param>
    /// <param name="now">The time of the change.</param>
    /// <exception cref="ArgumentOutOfRangeException">The lifetime is out of range.</exception>
    public AnswerCacheRule(Guid apiKeyId, int lifetimeSeconds, Guid actorId, DateTimeOffset now)
    {
        (ApiKeyId, CreatedAt) = (apiKeyId, now);
        ChangeTo(lifetimeSeconds, actorId, now);
    }

    /// <summary>The API key.</summary>
    public Guid ApiKeyId { get; private set; }

    /// <summary>How old an answer may be, in seconds.</summary>
    public int LifetimeSeconds { get; private set; }

    /// <summary>The administrator who set the lifetime.</summary>
    public Guid ActorId { get; private set; }

    /// <summary>When the cache was switched on, UTC.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When the rule last changed, UTC.</summary>
    public DateTimeOffset ModifiedAt { get; private set; }

    /// <summary>Changes the lifetime, of answers that are kept already too.</summary>
    /// <param name="lifetimeSeconds">How old an answer may be, in seconds; 1 to <see cref="MaxLifetimeSeconds"/>.</param>
    /// <param name="actorId">The administrator.</param>
    /// <param name="now">The time of the change.</param>
    /// <exception cref="ArgumentOutOfRangeException">The lifetime is out of range.</exception>
    public void ChangeTo(int lifetimeSeconds, Guid actorId, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lifetimeSeconds, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lifetimeSeconds, MaxLifetimeSeconds);
        (LifetimeSeconds, ActorId, ModifiedAt) = (lifetimeSeconds, actorId, now);
    }
}
