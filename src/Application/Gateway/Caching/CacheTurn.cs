using AiPlatform.Application.Metering.Contracts;

namespace AiPlatform.Application.Gateway.Caching;

/// <summary>What the cache has to do with a call. One instance a call.</summary>
public sealed class CacheTurn
{
    /// <summary>Whether the cache was looked into: the answer came from it, or could have.</summary>
    public bool WasAsked { get; private set; }

    /// <summary>What the answer had cost, where it came from the cache.</summary>
    public CallReceipt? Saved { get; private set; }

    /// <summary>Under what, and for how long, the answer is to be kept once it is paid; <see langword="null"/> where it is not.</summary>
    internal (Guid Id, TimeSpan Lifetime)? Place { get; private set; }

    internal void Hit(CallReceipt saved) => (WasAsked, Saved) = (true, saved);

    internal void Miss() => WasAsked = true;

    internal void KeepUnder(Guid id, TimeSpan lifetime) => Place = (id, lifetime);
}
