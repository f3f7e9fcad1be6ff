using System.IO.MemoryMappedFiles;
using System.Runtime;

namespace AiPlatform.Load.Processes;

/// <summary>What a .NET process knows of itself, as <see cref="StartupHook"/> publishes it in a small shared file.</summary>
/// <param name="AllocatedBytes">Allocated since the start.</param>
/// <param name="FullCollections">Collections of the oldest generation.</param>
/// <param name="PauseTime">How long collections have stopped the process.</param>
/// <param name="IsServerCollector">Whether the server's collector runs.</param>
internal readonly record struct RuntimeReadings(long AllocatedBytes, long FullCollections, TimeSpan PauseTime, bool IsServerCollector)
{
    public const string Variable = "AIPLATFORM_LOAD_READINGS";
    public const int Size = 6 * sizeof(long);

    private const int HeapAt = 32;
    private const int CollectAt = 40;

    /// <summary>Asks the process to collect; its heap is then what is alive.</summary>
    public static void AskToCollect(MemoryMappedViewAccessor view) => view.Write(CollectAt, 1L);

    /// <summary>What was alive at the collection asked for last, in bytes; <see langword="null"/> until it is over.</summary>
    public static long? LiveHeap(MemoryMappedViewAccessor view) => view.ReadInt64(CollectAt) == 0 ? view.ReadInt64(HeapAt) : null;

    public static void Publish(MemoryMappedViewAccessor view)
    {
        view.Write(0, GC.GetTotalAllocatedBytes());
        view.Write(8, (long)GC.CollectionCount(GC.MaxGeneration));
        view.Write(16, GC.GetTotalPauseDuration().Ticks);
        view.Write(24, GCSettings.IsServerGC ? 1L : 0L);
        if (view.ReadInt64(CollectAt) == 1)
        {
            view.Write(CollectAt, 2L);
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            view.Write(HeapAt, GC.GetTotalMemory(forceFullCollection: false));
            view.Write(CollectAt, 0L);
        }
    }

    public static RuntimeReadings Read(MemoryMappedViewAccessor view) => new(
        view.ReadInt64(0), view.ReadInt64(8), TimeSpan.FromTicks(view.ReadInt64(16)), view.ReadInt64(24) == 1);
}
