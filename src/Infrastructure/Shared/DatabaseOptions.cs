using System.ComponentModel.DataAnnotations;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AiPlatform.Infrastructure.Shared;

/// <summary>The databases that the platform runs on.</summary>
public enum DatabaseProvider
{
    /// <summary>One file, one process.</summary>
    Sqlite,

    /// <summary>PostgreSQL 15 or later.</summary>
    PostgreSql,

    /// <summary>SQL Server 2019 or later, or Azure SQL.</summary>
    SqlServer,
}

/// <summary>Configuration section <c>Database</c>, with <c>ConnectionStrings:Default</c>.</summary>
public sealed class DatabaseOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string Section = "Database";

    /// <summary>Where the default database file lies, relative to the working directory.</summary>
    public const string DefaultConnectionString = "Data Source=data/aiplatform.db";

    /// <summary>Which database; <see cref="DatabaseProvider.Sqlite"/> by default.</summary>
    public DatabaseProvider Provider { get; set; } = DatabaseProvider.Sqlite;

    /// <summary>How to reach it; taken from <c>ConnectionStrings:Default</c>.</summary>
    public string ConnectionString { get; set; } = DefaultConnectionString;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        // The text itself is never repeated: it may carry a password.
        if (!IsConnectionString())
        {
            yield return new ValidationResult($"ConnectionStrings:Default must be a connection string for {Provider} such as {Example}.");
        }
    }

    private string Example => Provider switch
    {
        DatabaseProvider.PostgreSql => "Host=localhost;Database=aiplatform;Username=aiplatform;Password=...",
        DatabaseProvider.SqlServer => "Server=localhost;Database=aiplatform;User ID=aiplatform;Password=...",
        _ => DefaultConnectionString,
    };

    private bool IsConnectionString()
    {
        try
        {
            return !string.IsNullOrWhiteSpace(Provider switch
            {
                DatabaseProvider.PostgreSql => new NpgsqlConnectionStringBuilder(ConnectionString).Host,
                DatabaseProvider.SqlServer => new SqlConnectionStringBuilder(ConnectionString).DataSource,
                _ => new SqliteConnectionStringBuilder(ConnectionString).DataSource,
            });
        }
        catch (Exception malformed) when (malformed is ArgumentException or FormatException or InvalidOperationException)
        {
            return false;
        }
    }
}
