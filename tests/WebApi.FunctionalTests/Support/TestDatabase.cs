using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AiPlatform.WebApi.FunctionalTests.Support;

/// <summary>The databases that the whole functional suite runs on.</summary>
public static class Databases
{
    public static readonly DatabaseProvider[] All = [DatabaseProvider.Sqlite, DatabaseProvider.PostgreSql];
}

/// <summary>An empty database of its own, gone with its test.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private static readonly Lazy<Task<string>> Template = new(CreateTemplateAsync);

    private readonly string _name;
    private bool _dropped;

    private TestDatabase(DatabaseProvider provider, string connectionString, string name)
    {
        Provider = provider;
        ConnectionString = connectionString;
        _name = name;
    }

    public DatabaseProvider Provider { get; }

    public string ConnectionString { get; }

    public static async Task<TestDatabase> CreateAsync(DatabaseProvider provider)
    {
        var name = $"aiplatform_{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}";
        if (provider is DatabaseProvider.Sqlite)
        {
            var file = Path.Combine(Path.GetTempPath(), $"{name}.db");
            return new TestDatabase(provider, $"Data Source={file}", file);
        }

        var server = Services.Require("AIPLATFORM_TEST_POSTGRES");
        await ExecuteAsync(server, $"CREATE DATABASE {name} TEMPLATE {await Template.Value}");
        return new TestDatabase(provider, On(server, name), name);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_dropped)
        {
            await DropAsync();
        }
    }

    /// <summary>Drops the database, whoever is connected to it.</summary>
    public async Task DropAsync()
    {
        _dropped = true;
        if (Provider is DatabaseProvider.Sqlite)
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            foreach (var suffix in new[] { string.Empty, "-wal", "-shm" })
            {
                File.Delete(_name + suffix);
            }

            return;
        }

        await using (var pooled = new NpgsqlConnection(ConnectionString))
        {
            NpgsqlConnection.ClearPool(pooled);
        }

        await ExecuteAsync(Services.Require("AIPLATFORM_TEST_POSTGRES"), $"DROP DATABASE {_name} WITH (FORCE)");
    }

    // Migrating takes seconds, copying a migrated database a tenth of one.
    private static async Task<string> CreateTemplateAsync()
    {
        var server = Services.Require("AIPLATFORM_TEST_POSTGRES");
        var name = $"aiplatform_template_{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}";
        await ExecuteAsync(server, $"CREATE DATABASE {name}");
        var options = new DbContextOptionsBuilder<AppDbContext>()
            .UseNpgsql($"{On(server, name)};Pooling=false", npgsql => npgsql.MigrationsAssembly("AiPlatform.Migrations.PostgreSql"))
            .Options;
        await using var db = new AppDbContext(options);
        await db.Database.MigrateAsync();
        return name;
    }

    private static string On(string server, string database) =>
        new NpgsqlConnectionStringBuilder(server) { Database = database, MaxPoolSize = 20 }.ConnectionString;

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
