using System.IO.MemoryMappedFiles;
using AiPlatform.Load.Processes;

/// <summary>
/// Runs inside a process under test (<c>DOTNET_STARTUP_HOOKS</c>) and publishes what only that process knows of itself, so
/// that the product need not be changed to be measured. It costs one timer.
/// </summary>
internal static class StartupHook
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private static Timer? _publishing;

    /// <summary>Called by the runtime before the program starts.</summary>
    public static void Initialize()
    {
        if (_publishing is not null || Environment.GetEnvironmentVariable(RuntimeReadings.Variable) is not { Length: > 0 } path)
        {
            return;
        }

        var view = MemoryMappedFile.CreateFromFile(path, FileMode.Open).CreateViewAccessor(0, RuntimeReadings.Size);
        _publishing = new Timer(_ => RuntimeReadings.Publish(view), null, TimeSpan.Zero, Interval);
    }
}
