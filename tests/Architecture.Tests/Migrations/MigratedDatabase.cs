using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AiPlatform.Architecture.Tests.Migrations;

/// <summary>What the migrations of one provider make, read without a database.</summary>
internal static class MigratedDatabase
{
    /// <summary>A context that can say everything but is connected to nothing.</summary>
    public static AppDbContext Context(DatabaseProvider provider)
    {
        var options = new DbContextOptionsBuilder<AppDbContext>();
        _ = provider switch
        {
            DatabaseProvider.Sqlite => options.UseSqlite("Data Source=unused", to => to.MigrationsAssembly("AiPlatform.Migrations.Sqlite")),
            DatabaseProvider.PostgreSql => options.UseNpgsql("Host=unused", to => to.MigrationsAssembly("AiPlatform.Migrations.PostgreSql")),
            DatabaseProvider.SqlServer => options.UseSqlServer("Server=unused", to => to.MigrationsAssembly("AiPlatform.Migrations.SqlServer")),
            _ => throw new ArgumentOutOfRangeException(nameof(provider), provider, null),
        };
        return new AppDbContext(options.Options);
    }

    /// <summary>The script that brings any database of the provider to the last migration.</summary>
    public static string IdempotentScript(DatabaseProvider provider)
    {
        using var db = Context(provider);
        return db.GetService<IMigrator>().GenerateScript(options: MigrationsSqlGenerationOptions.Idempotent);
    }

    /// <summary>One line for each thing that has a name after the last migration: tables, columns, keys, indexes, constraints.</summary>
    public static IReadOnlyList<string> Names(DatabaseProvider provider)
    {
        using var db = Context(provider);
        var snapshot = db.GetService<IMigrationsAssembly>().ModelSnapshot!.Model;
        var model = db.GetService<IModelRuntimeInitializer>().Initialize(snapshot, designTime: true);
        return [.. model.GetRelationalModel().Tables.SelectMany(Names)];
    }

    private static IEnumerable<string> Names(ITable table) =>
    [
        $"table {table.Name}",
        .. table.Columns.Select(column => $"{table.Name}: column {column.Name} {(column.IsNullable ? "null" : "not null")}"),
        .. table.UniqueConstraints.Select(key => $"{table.Name}: key {key.Name} ({Join(key.Columns)})"),
        .. table.ForeignKeyConstraints.Select(key =>
            $"{table.Name}: foreign key {key.Name} ({Join(key.Columns)}) to {key.PrincipalTable.Name} ({Join(key.PrincipalColumns)})"),
        .. table.Indexes.Select(index =>
            $"{table.Name}: {(index.IsUnique ? "unique " : string.Empty)}index {index.Name} ({Join(index.Columns)})"),
        .. table.CheckConstraints.Select(check => $"{table.Name}: check {check.Name}"),
    ];

    private static string Join(IEnumerable<IColumn> columns) => string.Join(", ", columns.Select(column => column.Name));
}
