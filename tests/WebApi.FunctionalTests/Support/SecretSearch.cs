using System.Text;
using AiPlatform.Infrastructure.Shared;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AiPlatform.WebApi.FunctionalTests.Support;

/// <summary>Everything that a database holds, as text to search in.</summary>
public static class SecretSearch
{
    // The first characters of keys are kept on purpose, to tell them apart in a list.
    private const int Shown = 8;

    /// <summary>Everything that somebody can read who has the database, the log, or the rights of an administrator, by the place.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> PlacesAsync(this TestPlatform platform, DatabaseProvider database)
    {
        var api = platform.Api();
        return new Dictionary<string, string>
        {
            ["audit"] = await PagesAsync(api, "/admin/audit?per_page=100"),
            ["changes"] = await PagesAsync(api, "/admin/changes?per_page=100"),
            ["people"] = (await api.GetAsync("/admin/users?per_page=100", TestPlatform.AdminKey)).Text
                + (await api.GetAsync("/api/v1/admin/users", TestPlatform.AdminKey)).Text,
            ["health"] = (await api.GetAsync("/health")).Text,
            ["metrics"] = (await api.GetAsync("/metrics")).Text,
            ["database"] = await platform.DumpAsync(database),
            ["log"] = platform.Log.Text,
        };
    }

    /// <summary>Where secrets can be read, each named by its first characters.</summary>
    public static IEnumerable<(string Place, string Secret)> Find(IReadOnlyDictionary<string, string> places, IEnumerable<string> secrets) =>
        from secret in secrets.Distinct()
        from place in places
        where Spellings(secret[Shown..]).Any(spelling => place.Value.Contains(spelling, StringComparison.OrdinalIgnoreCase))
        select (place.Key, secret[..Shown]);

    /// <summary>A text as it stands, and as a database shows the bytes of it.</summary>
    private static string[] Spellings(string text) => [text, Convert.ToHexString(Encoding.UTF8.GetBytes(text))];

    private static async Task<string> PagesAsync(Api api, string path)
    {
        var text = new StringBuilder();
        Answer answer;
        var page = 1;
        do
        {
            answer = await api.GetAsync($"{path}&page={page++}", TestPlatform.AdminKey);
            Assert.That((int)answer.Status, Is.EqualTo(200), answer.Text);
            text.Append(answer.Text);
        }
        while (page <= 20 && answer.Json.ToJsonString().Contains("request_id", StringComparison.Ordinal));

        return text.ToString();
    }

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
