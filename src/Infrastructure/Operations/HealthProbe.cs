using AiPlatform.Application.Operations;
using AiPlatform.Infrastructure.Shared;

namespace AiPlatform.Infrastructure.Operations;

internal sealed class HealthProbe(AppDbContext db, TimeProvider time) : IHealthProbe
{
    private static readonly TimeSpan DatabasePatience = TimeSpan.FromSeconds(2);

    public async Task<bool> DatabaseAnswersAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(DatabasePatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await db.Database.CanConnectAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    public MemoryUse Memory() => new(Environment.WorkingSet, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    public DiskUse Disk()
    {
        // Windows knows drives by their letter; elsewhere any path names the file system that it lies on.
        var folder = Environment.CurrentDirectory;
        var drive = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder);
        return new DiskUse(drive.AvailableFreeSpace, drive.TotalSize);
    }
}
