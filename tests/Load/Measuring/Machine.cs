using System.Reflection;
using System.Runtime.InteropServices;
using AiPlatform.Load.Processes;

namespace AiPlatform.Load.Measuring;

/// <summary>Where and with what something was measured.</summary>
internal static class Machine
{
    /// <summary>A line each: processor, system, runtime, databases, build.</summary>
    public static async Task<string> DescribeAsync(string folder, CancellationToken cancellationToken)
    {
        SQLitePCL.Batteries.Init();
        var processor = ValueOf("/proc/cpuinfo", "model name");
        var drive = new DriveInfo(folder);
        return $"""
            - Machine: {Environment.ProcessorCount} × {processor}, {Figures.Mebibytes(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)}, {RuntimeInformation.OSDescription}
            - Files of the run: {drive.DriveFormat}
            - .NET {Environment.Version}; AiPlatform {Version()} ({PlatformProcess.BuildConfiguration})
            - SQLite {SQLitePCL.raw.sqlite3_libversion().utf8_to_string()}; PostgreSQL {await PostgresAsync(cancellationToken)}
            """;
    }

    private static string ValueOf(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown";

    private static string Version() =>
        typeof(Machine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private static async Task<string> PostgresAsync(CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable(PlatformDatabase.PostgresVariable) is not { Length: > 0 } server)
        {
            return "not there";
        }

        await using var connection = new Npgsql.NpgsqlConnection(server);
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT current_setting('server_version') || ', fsync ' || current_setting('fsync') || ', synchronous_commit ' || current_setting('synchronous_commit')";
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
