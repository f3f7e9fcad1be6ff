namespace AiPlatform.Infrastructure.Shared;

/// <summary>Something that is done by the clock, by one replica each time.</summary>
internal interface IScheduledJob
{
    /// <summary>Its name, which also names its runs.</summary>
    string Name { get; }

    /// <summary>When it is due, in the platform's time zone: a cron expression that starts with seconds.</summary>
    string Schedule { get; }

    /// <summary>Whether every replica does it for itself; nothing of it is then kept in the database.</summary>
    bool IsLocal => false;

    /// <summary>Does it. A run may be begun anew, so doing it twice is the same as once.</summary>
    /// <param name="dueAt">When it was due.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was done, in a few words.</returns>
    Task<string> RunAsync(DateTimeOffset dueAt, CancellationToken cancellationToken);
}
