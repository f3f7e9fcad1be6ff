using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Shared;

/// <summary>Requests that share one count a minute.</summary>
public enum RateClass
{
    /// <summary>Signing in, registering, changing credentials; counted by address.</summary>
    Credentials,

    /// <summary>Everything that a person does; counted by credential, else by address.</summary>
    General,

    /// <summary>Administering; counted by credential, else by address.</summary>
    Administration,

    /// <summary>The surface of seed 004; counted by address.</summary>
    Conversations,
}

/// <summary>What a minute has left.</summary>
/// <param name="Window">The limit, and when the next minute starts.</param>
/// <param name="Remaining">Requests left; less than zero where the request was one too many.</param>
public sealed record RateStanding(RateLimit Window, long Remaining);

/// <summary>Counts requests a minute, by this process alone: what is paid for is limited by meters, which every process shares.</summary>
public interface IRateWindows
{
    /// <summary>Counts one request.</summary>
    /// <param name="rate">The class that it belongs to.</param>
    /// <param name="partition">Whose count: an address, or a credential.</param>
    RateStanding Count(RateClass rate, string partition);
}
