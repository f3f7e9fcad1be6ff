using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AiPlatform.Infrastructure.Metering.Journal.Storage;

/// <summary>
/// A statement that SQLite prepared once and runs again and again. The journal runs a handful of them for every call, and the
/// ADO.NET command would look each parameter up by its name every time.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public SqliteStatement(SqliteConnection connection, string text)
    {
        _database = connection.Handle ?? throw new InvalidOperationException("The connection is closed.");
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(_database, text, out _statement), _database);
    }

    public void Bind(int index, string? text) =>
        Check(text is null ? raw.sqlite3_bind_null(_statement, index + 1) : raw.sqlite3_bind_text(_statement, index + 1, text));

    public void Bind(int index, long number) => Check(raw.sqlite3_bind_int64(_statement, index + 1, number));

    /// <summary>A UUID as upper-case text, the way the model's own provider keeps it.</summary>
    public void Bind(int index, Guid id)
    {
        Span<byte> text = stackalloc byte[36];
        id.TryFormat(text, out _);
        Ascii.ToUpperInPlace(text, out _);
        Check(raw.sqlite3_bind_text(_statement, index + 1, text));
    }

    public void Bind(int index, byte[] bytes) => Check(raw.sqlite3_bind_blob(_statement, index + 1, bytes));

    public void BindNull(int index) => Check(raw.sqlite3_bind_null(_statement, index + 1));

    /// <summary>Moves to the next row.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Step()
    {
        var result = raw.sqlite3_step(_statement);
        if (result is raw.SQLITE_ROW)
        {
            return true;
        }

        SqliteException.ThrowExceptionForRC(result is raw.SQLITE_DONE ? raw.SQLITE_OK : result, _database);
        return false;
    }

    /// <summary>Makes the statement ready to run again.</summary>
    public void Reset() => raw.sqlite3_reset(_statement);

    /// <summary>Runs the statement to its end and makes it ready again.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Run()
    {
        try
        {
            while (Step())
            {
            }

            return raw.sqlite3_changes(_database);
        }
        finally
        {
            Reset();
        }
    }

    public long Number(int column) => raw.sqlite3_column_int64(_statement, column);

    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    public void Dispose() => _statement.Dispose();

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _database);
}
