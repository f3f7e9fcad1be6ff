using System.Globalization;

namespace AiPlatform.Load.Processes;

/// <summary>What Linux knows of a process.</summary>
internal static class ProcessReadings
{
    private const int TicksPerSecond = 100;

    /// <summary>Processor time of a process, and of its children that have ended.</summary>
    public static TimeSpan CpuTime(int processId, bool withEndedChildren = false)
    {
        var fields = Stat(processId);
        var ticks = fields is null ? 0 : Ticks(fields, 11) + Ticks(fields, 12) + (withEndedChildren ? Ticks(fields, 13) + Ticks(fields, 14) : 0);
        return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
    }

    /// <summary>Processor time of a process and all its children, for example of a PostgreSQL server.</summary>
    public static TimeSpan CpuTimeOfTree(int processId)
    {
        var children = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0)
            .Where(id => id > 0 && ParentOf(id) == processId);
        return children.Aggregate(CpuTime(processId, withEndedChildren: true), (sum, child) => sum + CpuTime(child));
    }

    /// <summary>The parent of a process; 0 where it has ended.</summary>
    public static int ParentOf(int processId) => Stat(processId) is { } fields ? int.Parse(fields[1], CultureInfo.InvariantCulture) : 0;

    /// <summary>Physical memory in use now, in bytes.</summary>
    public static long Memory(int processId) => Status(processId, "VmRSS:") * 1024;

    /// <summary>The most physical memory in use since the start or the last reset, in bytes.</summary>
    public static long PeakMemory(int processId) => Status(processId, "VmHWM:") * 1024;

    /// <summary>Threads of a process.</summary>
    public static long Threads(int processId) => Status(processId, "Threads:");

    /// <summary>Starts the peak anew.</summary>
    public static void ResetPeakMemory(int processId) => File.WriteAllText($"/proc/{processId}/clear_refs", "5");

    /// <summary>The fields of /proc/PID/stat after the name, which may itself contain spaces: state is the first.</summary>
    private static string[]? Stat(int processId)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{processId}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static long Ticks(string[] fields, int index) => long.Parse(fields[index], CultureInfo.InvariantCulture);

    private static long Status(int processId, string name)
    {
        var line = File.ReadLines($"/proc/{processId}/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line.Split(['\t', ' '], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
