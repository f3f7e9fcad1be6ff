using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Infrastructure.Metering.Journal.Storage;

/// <summary>
/// Brings what the journal committed from SQLite's log into the database file, on a thread and a connection of its own, so that
/// commits need not wait for it. A log begins anew only when all of it was brought over between two commits; so where it has become
/// long, the thread hurries until little is left, and has the journal do that. Source: SQLite's documentation of
/// <c>PRAGMA wal_checkpoint</c>.
/// </summary>
internal sealed partial class SqliteCheckpoints : IDisposable
{
    /// <summary>Brings over what can be brought over without waiting for anybody.</summary>
    public const string Statement = "PRAGMA wal_checkpoint(PASSIVE)";

    // Pages: 64 MiB. A shorter log begins anew more often, and each time a commit takes longer.
    private const long LongLog = 16_000;

    // Pages: what a commit writes several times over, so that it does not take many times as long as another.
    private const long Little = 1_000;

    // Often enough that little is left to do when the log is long, seldom enough that a page which many batches change is written
    // once for them all.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly ILogger _logger;
    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _checkpoint;
    private readonly AutoResetEvent _written = new(initialState: false);
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;

    private volatile bool _isLastPartDue;
    private bool _isFailing;

    /// <summary>Starts the thread.</summary>
    /// <param name="connectionString">The database's.</param>
    /// <param name="logger">Where it shows that nothing can be brought over.</param>
    public SqliteCheckpoints(string connectionString, ILogger logger)
    {
        _logger = logger;
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        _connection.Open();
        _checkpoint = new SqliteStatement(_connection, Statement);
        _thread = new Thread(Run) { Name = "ledger checkpoints", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Says that there is something in the log.</summary>
    /// <returns>Whether the journal must bring the last part over now, before it writes again.</returns>
    public bool Continue()
    {
        var isDue = _isLastPartDue;
        if (!isDue)
        {
            _written.Set();
        }

        return isDue;
    }

    /// <summary>The last part was brought over, or could not be.</summary>
    public void LastPartIsOver() => _isLastPartDue = false;

    /// <summary>
    /// Logs that something could not be brought over, once until it can be. The log keeps what is committed, for the next pass.
    /// </summary>
    public void NoteFailure(SqliteException failure)
    {
        if (!Interlocked.Exchange(ref _isFailing, true))
        {
            LogFailed(failure);
        }
    }

    public void Dispose()
    {
        _stop.Set();
        _written.Set();
        _thread.Join();
        _checkpoint.Dispose();
        _connection.Dispose();
        _written.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        var before = 0L;
        var hurries = false;
        while (_written.WaitOne() && !_stop.Wait(hurries ? TimeSpan.Zero : Pause))
        {
            try
            {
                var done = BringOver();
                Volatile.Write(ref _isFailing, false);
                var moved = done < before ? done : done - before;
                hurries = done >= LongLog;
                _isLastPartDue = hurries && moved <= Little;
                before = done;
            }
            catch (SqliteException failure)
            {
                NoteFailure(failure);
            }
        }
    }

    /// <summary>Brings over what is in the log.</summary>
    /// <returns>How many pages of the log are in the database file.</returns>
    private long BringOver()
    {
        try
        {
            return _checkpoint.Step() ? _checkpoint.Number(2) : 0;
        }
        finally
        {
            _checkpoint.Reset();
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "SQLite's log could not be brought into the database file. What is committed is safe, but the log grows until it can be: look at the disk")]
    private partial void LogFailed(Exception cause);
}
