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
public sealed class DatabaseOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Database";

    /// <summary>Where the default database file lies, relative to the working directory.</summary>
    public const string DefaultConnectionString = "Data Source=data/aiplatform.db";

    /// <summary>Which database; <see cref="DatabaseProvider.Sqlite"/> by default.</summary>
    public DatabaseProvider Provider { get; set; } = DatabaseProvider.Sqlite;

    /// <summary>How to reach it; taken from <c>ConnectionStrings:Default</c>.</summary>
    public string ConnectionString { get; set; } = DefaultConnectionString;
}
