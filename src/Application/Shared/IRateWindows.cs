using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Shared;

/// <summary>Requests that share one count.</summary>
public enum RateClass
{
    /// <summary>Signing in, registering, changing credentials; counted by address.</summary>
    Credentials,

    /// <summary>Everything that a person does; counted by account.</summary>
    General,

    /// <summary>Administering; counted by account.</summary>
    Administration,

    /// <summary>The surface of seed 004; counted by address.</summary>
    Conversations,

    /// <summary>The tokens of a plan; counted by account, by the hour and the day too.</summary>
    Tokens,
}

/// <summary>How many requests a class may make.</summary>
/// <param name="PerMinute">In a minute.</param>
/// <param name="PerHour">In an hour; <see langword="null"/> where nobody counts.</param>
/// <param name="PerDay">In a day; <see langword="null"/> where nobody counts.</param>
public sealed record RequestRates(long PerMinute, long? PerHour = null, long? PerDay = null);

/// <summary>What a minute has left, or a longer window that has less.</summary>
/// <param name="Window">The limit, and when the next window starts.</param>
/// <param name="Remaining">Requests left; less than zero where the request was one too many.</param>
public sealed record RateStanding(RateLimit Window, long Remaining);

/// <summary>Counts requests, by this process alone: what is paid for is limited by meters, which every process shares.</summary>
public interface IRateWindows
{
    /// <summary>Counts one request.</summary>
    /// <param name="rate">The class that it belongs to.</param>
    /// <param name="partition">Whose count: an address, or an account.</param>
    RateStanding Count(RateClass rate, string partition);

    /// <summary>How many requests there may be.</summary>
    /// <param name="rate">The class.</param>
    RequestRates Of(RateClass rate);
}
