using System.Text;
using AiPlatform.Infrastructure.Shared;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AiPlatform.WebApi.FunctionalTests.Support;

/// <summary>Everything that a database holds, as text to search in.</summary>
public static class SecretSearch
{
    public static Task<string> DumpAsync(this TestPlatform platform, DatabaseProvider database) =>
        database is DatabaseProvider.Sqlite ? DumpFileAsync(platform.ConnectionString) : DumpTablesAsync(platform.ConnectionString);

    /// <summary>The bytes of the file and of its write-ahead log: what somebody who copies the disk reads.</summary>
    private static async Task<string> DumpFileAsync(string connectionString)
    {
        var file = new SqliteConnectionStringBuilder(connectionString).DataSource;
        var text = new StringBuilder();
        foreach (var path in new[] { file, $"{file}-wal", $"{file}-journal" }.Where(File.Exists))
        {
            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes);
            text.Append(Encoding.Latin1.GetString(bytes.ToArray()));
        }

        return text.ToString();
    }

    private static async Task<string> DumpTablesAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        var text = new StringBuilder();
        foreach (var table in await ReadAsync(connection, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        {
            text.AppendJoin('\n', await ReadAsync(connection, $"SELECT row::text FROM \"{table}\" row"));
        }

        return text.ToString();
    }

    private static async Task<List<string>> ReadAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}
