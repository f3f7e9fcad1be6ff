namespace AiPlatform.Application.Metering.Contracts;

/// <summary>Holds whose call did not close in time, because its process died or its provider takes very long.</summary>
public interface IExpiredHolds
{
    /// <summary>
    /// Resolves every hold that has expired by now: what was never sent is given back, what was sent is left to an administrator
    /// as a dispute. Any number of processes may do so at once.
    /// </summary>
    /// <param name="cancellationToken">Stops between two holds.</param>
    /// <returns>How many were looked at.</returns>
    Task<int> ResolveAsync(CancellationToken cancellationToken);
}
