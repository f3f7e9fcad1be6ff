using AiPlatform.Infrastructure.Shared;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Infrastructure.Metering.Journal.Storage;

/// <summary>
/// Files the rows of one table by their owners (<see cref="DeferredIndex"/>): many at once, which are read and sorted beside the
/// journal, and written a part with each of its commits. They are seen where they are filed when all of them are.
/// </summary>
internal sealed partial class SqliteFiling : IDisposable
{
    // Rows. The fewer are filed at once, the fewer share a page; the more wait, the more must be gone through to find an owner's.
    private const long Enough = 16_384;

    // Rows, after something else added many: what is read is kept in memory until it is filed.
    private const long Most = 4 * Enough;

    // So many commits each take a little longer, rather than one of them much.
    private const int Parts = 64;

    private readonly DeferredIndex _index;
    private readonly string _connectionString;
    private readonly ILogger _logger;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _conclude;
    private readonly SqliteStatement _count;

    private long _waiting;

    // What was read, or that it could not be: both are the reading thread's while it reads.
    private WaitingRows? _read;
    private bool _hasFailed;
    private volatile bool _isReading;

    /// <summary>Finds out how many rows wait.</summary>
    /// <param name="index">The index.</param>
    /// <param name="connection">The journal's own.</param>
    /// <param name="logger">Where it shows that rows could not be read.</param>
    public SqliteFiling(DeferredIndex index, SqliteConnection connection, ILogger logger)
    {
        (_index, _logger) = (index, logger);
        _connectionString = new SqliteConnectionStringBuilder(connection.ConnectionString) { Mode = SqliteOpenMode.ReadWrite }.ConnectionString;

        // What was filed before a crash, and is not seen yet, is filed again.
        _insert = new SqliteStatement(connection, $"INSERT OR IGNORE INTO {index.Name} VALUES (?, ?, ?)");
        _conclude = new SqliteStatement(
            connection, $"UPDATE {DeferredIndex.Progress} SET place = MAX(place, ?) WHERE name = '{index.Table}'");
        _count = new SqliteStatement(connection, $"SELECT COALESCE(MAX(place), 0) - {index.Filed} FROM {index.Table}");
        _waiting = Number(_count);
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
        if (_isReading)
        {
            return;
        }

        if (_hasFailed)
        {
            // Not at once again, but when as many more wait.
            _hasFailed = false;
            _waiting = 0;
        }

        if (_read is { } read)
        {
            File(read);
        }
        else if (_waiting >= Enough)
        {
            _isReading = true;
            ThreadPool.UnsafeQueueUserWorkItem(static filing => filing.Read(), this, preferLocal: false);
        }
    }

    public void Dispose()
    {
        _insert.Dispose();
        _conclude.Dispose();
        _count.Dispose();
    }

    private static long Number(SqliteStatement statement)
    {
        try
        {
            return statement.Step() ? statement.Number(0) : 0;
        }
        finally
        {
            statement.Reset();
        }
    }

    private static long Number(SqliteConnection connection, string query)
    {
        using var statement = new SqliteStatement(connection, query);
        return Number(statement);
    }

    private void File(WaitingRows read)
    {
        var end = Math.Min(read.Rows.Count, read.Done + (read.Rows.Count / Parts) + 1);
        for (; read.Done < end; read.Done++)
        {
            var row = read.Rows[read.Done];
            _insert.Bind(0, row.Owner);
            _insert.Bind(1, row.Time);
            _insert.Bind(2, row.Place);
            _insert.Run();
        }

        if (read.Done == read.Rows.Count)
        {
            _conclude.Bind(0, read.Last);
            _conclude.Run();
            _waiting = Number(_count);
            _read = null;
        }
    }

    private void Read()
    {
        try
        {
            _read = ReadWaiting();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // The rows go on waiting, and are found there.
            LogFailed(failure, Enough, _index.Table);
            _hasFailed = true;
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

        return new WaitingRows(rows, last);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Rows of {Table} could not be filed by owner, so lists of them take longer; it is tried again after {Rows} more")]
    private partial void LogFailed(Exception cause, long rows, string table);

    /// <param name="Rows">The rows, by owner.</param>
    /// <param name="Last">The place up to which there are no others.</param>
    private sealed record WaitingRows(List<WaitingRow> Rows, long Last)
    {
        /// <summary>How many are filed.</summary>
        public int Done { get; set; }
    }

    private readonly record struct WaitingRow(string Owner, long Time, long Place);
}
