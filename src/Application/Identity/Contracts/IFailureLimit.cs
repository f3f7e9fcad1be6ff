using AiPlatform.Domain.Shared;

namespace AiPlatform.Application.Identity.Contracts;

/// <summary>Slows down guessing: counts refused credentials per address. An accepted credential costs nothing.</summary>
public interface IFailureLimit
{
    /// <summary>Refuses an address that has failed too often in the last minute.</summary>
    /// <param name="ipAddress">The caller's address.</param>
    /// <exception cref="RefusedException">The limit is reached.</exception>
    void ThrowIfReached(string? ipAddress);

    /// <summary>Counts one refused credential.</summary>
    /// <param name="ipAddress">The caller's address.</param>
    void Count(string? ipAddress);
}
