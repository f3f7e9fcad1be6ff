namespace AiPlatform.Application.Operations;

/// <summary>Memory of the process.</summary>
/// <param name="UsedBytes">What it uses.</param>
/// <param name="LimitBytes">What the machine, or the container around it, has for it.</param>
public sealed record MemoryUse(long UsedBytes, long LimitBytes);

/// <summary>The disk that the process writes to.</summary>
/// <param name="FreeBytes">What it can still write.</param>
/// <param name="TotalBytes">The size of the disk.</param>
public sealed record DiskUse(long FreeBytes, long TotalBytes);

/// <summary>Looks at what a process depends on.</summary>
public interface IHealthProbe
{
    /// <summary>Whether the database answers within two seconds.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<bool> DatabaseAnswersAsync(CancellationToken cancellationToken);

    /// <summary>Reads the memory of the process.</summary>
    MemoryUse Memory();

    /// <summary>Reads the disk of the working directory.</summary>
    DiskUse Disk();
}
