using Npgsql;

namespace AiPlatform.WebApi.FunctionalTests.Metering;

/// <summary>A PostgreSQL whose transactions wait where a test wants them to.</summary>
internal static class HeldUpServer
{
    /// <summary>Takes locks, until it is disposed.</summary>
    public static async Task<IAsyncDisposable> HoldUpAsync(string connectionString, string locking)
    {
        var server = new NpgsqlConnection($"{connectionString};Pooling=false");
        await server.OpenAsync();
        await using var command = new NpgsqlCommand($"BEGIN; {locking}", server);
        await command.ExecuteNonQueryAsync();
        return server;
    }

    /// <summary>Waits until so many wait for a lock.</summary>
    public static async Task WaitAsync(string connectionString, int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await CountAsync(connectionString, "count(*)", "wait_event_type = 'Lock'") < count)
        {
            await Task.Delay(20, patience.Token);
        }
    }

    /// <summary>Ends every connection but those that hold others up, as a server does that is shut down.</summary>
    public static Task EndOthersAsync(string connectionString) =>
        CountAsync(connectionString, "count(pg_terminate_backend(pid, 5000))", "pid <> pg_backend_pid() AND state <> 'idle in transaction'");

    private static async Task<long> CountAsync(string connectionString, string counted, string condition)
    {
        await using var server = new NpgsqlConnection($"{connectionString};Pooling=false");
        await server.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"SELECT {counted} FROM pg_stat_activity WHERE datname = current_database() AND {condition}", server);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
