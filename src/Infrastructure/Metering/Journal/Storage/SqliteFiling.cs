using AiPlatform.Infrastructure.Shared;
using Microsoft.Data.Sqlite;

namespace AiPlatform.Infrastructure.Metering.Journal.Storage;

/// <summary>
/// Files the rows of one table by their owners (<see cref="DeferredIndex"/>): many at once, which are read and sorted beside the
/// journal, and written a part with each of its commits. They are seen where they are filed when all of them are.
/// </summary>
internal sealed class SqliteFiling : IDisposable
{
    // Rows. The fewer are filed at once, the fewer share a page; the more wait, the more must be gone through to find an owner's.
    private const long Enough = 16_384;

    // Rows, after something else added many: what is read is kept in memory until it is filed.
    private const long Most = 4 * Enough;

    // So many commits each take a little longer, rather than one of them much.
    private const int Parts = 64;

    private readonly DeferredIndex _index;
    private readonly string _connectionString;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _conclude;

    private long _waiting;
    private int _done;

    private volatile bool _isReading;
    private volatile WaitingRows? _read;

    /// <summary>Finds out how many rows wait.</summary>
    /// <param name="index">The index.</param>
    /// <param name="connection">The journal's own.</param>
    public SqliteFiling(DeferredIndex index, SqliteConnection connection)
    {
        _index = index;
        _connectionString = connection.ConnectionString;
        _waiting = Number(connection, $"SELECT COUNT(*) FROM {index.Table} WHERE place > {index.Filed}");

        // What was filed before a crash, and is not seen yet, is filed again.
        _insert = new SqliteStatement(connection, $"INSERT OR IGNORE INTO {index.Name} VALUES (?, ?, ?)");
        _conclude = new SqliteStatement(
            connection, $"UPDATE {DeferredIndex.Progress} SET place = MAX(place, ?) WHERE name = '{index.Table}'");
    }

    /// <summary>Takes note of rows that wait from now on.</summary>
    public void Follow(TableInsert insert)
    {
        if (insert.Table.Name == _index.Table)
        {
            _waiting += insert.RowCount;
        }
    }

    /// <summary>Files a part, in the transaction that is under way.</summary>
    public void Continue()
    {
        if (_read is { } read)
        {
            File(read);
        }
        else if (!_isReading && _waiting >= Enough)
        {
            _isReading = true;
            ThreadPool.UnsafeQueueUserWorkItem(static filing => filing.Read(), this, preferLocal: false);
        }
    }

    public void Dispose()
    {
        _insert.Dispose();
        _conclude.Dispose();
    }

    private static long Number(SqliteConnection connection, string query)
    {
        using var statement = new SqliteStatement(connection, query);
        return statement.Step() ? statement.Number(0) : 0;
    }

    private void File(WaitingRows read)
    {
        var end = Math.Min(read.Rows.Count, _done + (read.Rows.Count / Parts) + 1);
        for (; _done < end; _done++)
        {
            var row = read.Rows[_done];
            _insert.Bind(0, row.Owner);
            _insert.Bind(1, row.Time);
            _insert.Bind(2, row.Place);
            _insert.Run();
        }

        if (_done == read.Rows.Count)
        {
            _conclude.Bind(0, read.Last);
            _conclude.Run();
            _waiting -= read.Last - read.First + 1;
            _done = 0;
            _read = null;
        }
    }

    private void Read()
    {
        try
        {
            _read = ReadWaiting();
        }
        catch (SqliteException)
        {
            // The rows go on waiting, and are found there. The next commit has them read again.
        }
        finally
        {
            _isReading = false;
        }
    }

    private WaitingRows ReadWaiting()
    {
        using var connection = new SqliteConnection(_connectionString);
        connection.Open();
        var first = Number(connection, $"SELECT {_index.Filed} + 1");
        var last = Math.Min(first + Most - 1, Number(connection, $"SELECT MAX(place) FROM {_index.Table}"));
        using var statement = new SqliteStatement(
            connection,
            $"SELECT {_index.Owner}, {_index.Time}, place FROM {_index.Table} WHERE place BETWEEN ? AND ? AND {_index.Owner} IS NOT NULL ORDER BY 1, 2, 3");
        statement.Bind(0, first);
        statement.Bind(1, last);
        var rows = new List<WaitingRow>();
        while (statement.Step())
        {
            rows.Add(new WaitingRow(statement.Text(0), statement.Number(1), statement.Number(2)));
        }

        return new WaitingRows(rows, first, last);
    }

    private sealed record WaitingRows(List<WaitingRow> Rows, long First, long Last);

    private readonly record struct WaitingRow(string Owner, long Time, long Place);
}
