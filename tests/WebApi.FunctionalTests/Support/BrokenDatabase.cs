using Microsoft.EntityFrameworkCore;

namespace AiPlatform.WebApi.FunctionalTests.Support;

/// <summary>Ways in which the database of a running platform fails.</summary>
public static class BrokenDatabase
{
    /// <summary>Makes every write of a table fail.</summary>
    public static Task CloseTableAsync(this TestPlatform platform, string table) => platform.QueryAsync(db => db.Database.ExecuteSqlRawAsync(
        db.Database.IsSqlite()
            ? $"""
               CREATE TRIGGER closed_insert BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'closed'); END;
               CREATE TRIGGER closed_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, 'closed'); END;
               """
            : $"ALTER TABLE {table} ADD CONSTRAINT closed CHECK (false) NOT VALID"));

    /// <summary>Changes the schema under the platform's feet.</summary>
    public static Task BreakAsync(this TestPlatform platform, string sql) =>
        platform.QueryAsync(db => db.Database.ExecuteSqlRawAsync(sql));
}
