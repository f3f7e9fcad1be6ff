using System.IO.MemoryMappedFiles;

namespace AiPlatform.Load.Processes;

/// <summary>What a process under test had used at one instant.</summary>
/// <param name="CpuTime">Processor time of the process.</param>
/// <param name="DatabaseCpuTime">Processor time of its database server, where it has one.</param>
/// <param name="Runtime">What the process knows of itself.</param>
internal readonly record struct Usage(TimeSpan CpuTime, TimeSpan DatabaseCpuTime, RuntimeReadings Runtime);

/// <summary>A server under test: a child process with the readings that it publishes.</summary>
internal sealed class MeasuredProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly string _path;

    private MeasuredProcess(ChildProcess process, MemoryMappedFile file, string path, Uri address)
    {
        (_process, _file, _path, Address) = (process, file, path, address);
        _view = file.CreateViewAccessor(0, RuntimeReadings.Size);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    public int Id => _process.Id;

    /// <summary>The database server that works for it; 0 where there is none.</summary>
    public int DatabaseServerId { get; init; }

    /// <summary>Starts a server that prints its address, with the collector of a server.</summary>
    public static async Task<MeasuredProcess> StartAsync(
        Func<(string Name, string Value)[], ChildProcess> start, int databaseServerId, CancellationToken cancellationToken)
    {
        var path = Path.GetTempFileName();
        var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, RuntimeReadings.Size);
        var process = start(
        [
            (RuntimeReadings.Variable, path),
            ("DOTNET_STARTUP_HOOKS", typeof(MeasuredProcess).Assembly.Location),
            ("DOTNET_gcServer", "1"),
        ]);
        try
        {
            return new MeasuredProcess(process, file, path, await process.AddressAsync(cancellationToken)) { DatabaseServerId = databaseServerId };
        }
        catch
        {
            await process.DisposeAsync();
            file.Dispose();
            File.Delete(path);
            throw;
        }
    }

    public Usage Read() => new(
        ProcessReadings.CpuTime(Id),
        DatabaseServerId > 0 ? ProcessReadings.CpuTimeOfTree(DatabaseServerId) : TimeSpan.Zero,
        RuntimeReadings.Read(_view));

    /// <summary>Has the process collect, and reads what is alive, in bytes.</summary>
    public async Task<long> LiveHeapAsync(CancellationToken cancellationToken)
    {
        RuntimeReadings.AskToCollect(_view);
        long? live;
        while ((live = RuntimeReadings.LiveHeap(_view)) is null)
        {
            await Task.Delay(10, cancellationToken);
        }

        return live.Value;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _view.Dispose();
        _file.Dispose();
        File.Delete(_path);
    }
}
