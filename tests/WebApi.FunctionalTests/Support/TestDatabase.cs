using AiPlatform.Infrastructure.Shared;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace AiPlatform.WebApi.FunctionalTests.Support;

/// <summary>The databases that the whole functional suite runs on.</summary>
public static class Databases
{
    /// <summary>The databases. A fixture whose server is not there is skipped whole: it would have nothing to stop that it started.</summary>
    public static readonly TestFixtureData[] All = [new(DatabaseProvider.Sqlite), PostgreSql()];

    private static TestFixtureData PostgreSql()
    {
        var fixture = new TestFixtureData(DatabaseProvider.PostgreSql);
        return Services.ReasonToSkip("AIPLATFORM_TEST_POSTGRES") is { } reason ? fixture.Ignore(reason) : fixture;
    }
}

/// <summary>A migrated database of its own without a row, gone with its test.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    // Migrating takes seconds, copying a migrated database a tenth of one at most.
    private static readonly Lazy<Task<byte[]>> SqliteTemplate = new(CreateSqliteTemplateAsync);
    private static readonly Lazy<Task<string>> PostgreSqlTemplate = new(CreatePostgreSqlTemplateAsync);

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
            await File.WriteAllBytesAsync(file, await SqliteTemplate.Value);
            return new TestDatabase(provider, $"Data Source={file}", file);
        }

        var server = Services.Require("AIPLATFORM_TEST_POSTGRES");
        await ExecuteAsync(server, $"CREATE DATABASE {name} TEMPLATE {await PostgreSqlTemplate.Value}");
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
            using (var pooled = new SqliteConnection(ConnectionString))
            {
                SqliteConnection.ClearPool(pooled);
            }

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

    private static async Task<byte[]> CreateSqliteTemplateAsync()
    {
        var file = Path.Combine(Path.GetTempPath(), $"aiplatform_template_{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}.db");
        try
        {
            await MigrateAsync(options => options.UseSqlite(
                    $"Data Source={file};Pooling=false", sqlite => sqlite.MigrationsAssembly("AiPlatform.Migrations.Sqlite"))
                .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.NonTransactionalMigrationOperationWarning)));
            return await File.ReadAllBytesAsync(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<string> CreatePostgreSqlTemplateAsync()
    {
        var server = Services.Require("AIPLATFORM_TEST_POSTGRES");
        var name = $"aiplatform_template_{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}";
        await ExecuteAsync(server, $"CREATE DATABASE {name}");
        await MigrateAsync(options => options.UseNpgsql(
            $"{On(server, name)};Pooling=false", npgsql => npgsql.MigrationsAssembly("AiPlatform.Migrations.PostgreSql")));
        return name;
    }

    private static async Task MigrateAsync(Action<DbContextOptionsBuilder<AppDbContext>> use)
    {
        var options = new DbContextOptionsBuilder<AppDbContext>();
        use(options);
        await using var db = new AppDbContext(options.Options);
        await db.Database.MigrateAsync();
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
