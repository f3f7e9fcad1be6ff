using System.Data.Common;
using AiPlatform.Infrastructure.Shared;
using AiPlatform.Load.CommandLine;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AiPlatform.Load.Processes;

/// <summary>A database made for one run, and dropped with it.</summary>
internal sealed class PlatformDatabase : IAsyncDisposable
{
    public const string PostgresVariable = "AIPLATFORM_TEST_POSTGRES";

    private readonly Func<ValueTask> _drop;

    private PlatformDatabase(DatabaseProvider provider, string connectionString, Func<ValueTask> drop)
    {
        (Provider, ConnectionString, _drop) = (provider, connectionString, drop);
    }

    public DatabaseProvider Provider { get; }

    public string ConnectionString { get; }

    /// <summary>The process that all of the server's processes are children of; 0 for SQLite.</summary>
    public int ServerId { get; private init; }

    public bool IsSqlite => Provider is DatabaseProvider.Sqlite;

    public static bool HasPostgres => Environment.GetEnvironmentVariable(PostgresVariable) is { Length: > 0 };

    /// <summary>Makes an empty database: a file in the run's folder, or one on the server of <c>eng/services</c>.</summary>
    public static async Task<PlatformDatabase> CreateAsync(DatabaseProvider provider, string folder, CancellationToken cancellationToken)
    {
        if (provider is DatabaseProvider.Sqlite)
        {
            // The file goes with the folder that it lies in.
            return new PlatformDatabase(provider, $"Data Source={Path.Combine(folder, $"{NewName()}.db")}", () => ValueTask.CompletedTask);
        }

        var server = Environment.GetEnvironmentVariable(PostgresVariable) is { Length: > 0 } set
            ? set
            : throw new UsageException($"{PostgresVariable} is not set; run: eng/services up && eval \"$(eng/services env)\"");
        return await CreateOnAsync(server, cancellationToken);
    }

    /// <summary>Makes an empty database on a PostgreSQL server.</summary>
    public static async Task<PlatformDatabase> CreateOnAsync(string server, CancellationToken cancellationToken)
    {
        var name = NewName();
        var unpooled = new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString;
        await ExecuteAsync(new NpgsqlConnection(unpooled), $"CREATE DATABASE {name}", cancellationToken);
        return new PlatformDatabase(
            DatabaseProvider.PostgreSql,
            new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString,
            async () => await ExecuteAsync(new NpgsqlConnection(unpooled), $"DROP DATABASE {name} WITH (FORCE)", CancellationToken.None))
        {
            ServerId = await ServerIdAsync(unpooled, cancellationToken),
        };
    }

    // The server may run on another machine, or in another process namespace; then its processor time is not ours to read.
    private static async Task<int> ServerIdAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        var isPostgres = File.Exists($"/proc/{connection.ProcessID}/comm")
            && (await File.ReadAllTextAsync($"/proc/{connection.ProcessID}/comm", cancellationToken)).StartsWith("postgres", StringComparison.Ordinal);
        return isPostgres ? ProcessReadings.ParentOf(connection.ProcessID) : 0;
    }

    /// <summary>Runs a statement on a connection of its own and answers its first value.</summary>
    public Task<object?> ExecuteAsync(string sql, CancellationToken cancellationToken) => ExecuteAsync(Connect(), sql, cancellationToken);

    /// <summary>What the database holds, as the platform's own model reads it.</summary>
    public AppDbContext Open()
    {
        var options = new DbContextOptionsBuilder<AppDbContext>();
        return new AppDbContext((IsSqlite ? options.UseSqlite(ConnectionString) : options.UseNpgsql(ConnectionString)).Options);
    }

    /// <summary>A connection that is not pooled, closed.</summary>
    public DbConnection Connect() => IsSqlite
        ? new SqliteConnection(new SqliteConnectionStringBuilder(ConnectionString) { Pooling = false, DefaultTimeout = 120 }.ConnectionString)
        : new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false, CommandTimeout = 600 }.ConnectionString);

    public ValueTask DisposeAsync() => _drop();

    private static string NewName() => $"aiplatform_load_{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}";

    private static async Task<object?> ExecuteAsync(DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using (connection)
        {
            await connection.OpenAsync(cancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            return await command.ExecuteScalarAsync(cancellationToken);
        }
    }
}
