using Microsoft.Data.Sqlite;

namespace AiPlatform.Infrastructure.Metering.Journal.Storage;

/// <summary>
/// Brings what the journal committed from SQLite's log into the database file, on a thread and a connection of its own, so that
/// commits need not wait for it. Source: SQLite's documentation of <c>PRAGMA wal_checkpoint</c>.
/// </summary>
internal sealed class SqliteCheckpoints : IDisposable
{
    // Often enough that the journal finds little left to do when the log is long, seldom enough that a page which many batches
    // change is written once for them all.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _checkpoint;
    private readonly AutoResetEvent _written = new(initialState: false);
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;

    /// <summary>Starts the thread.</summary>
    /// <param name="connectionString">The database's.</param>
    public SqliteCheckpoints(string connectionString)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        _connection.Open();

        // Passive: it waits for nobody, and nobody for it.
        _checkpoint = new SqliteStatement(_connection, "PRAGMA wal_checkpoint(PASSIVE)");
        _thread = new Thread(Run) { Name = "ledger checkpoints", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Says that there is something in the log.</summary>
    public void Continue() => _written.Set();

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
        while (_written.WaitOne() && !_stop.Wait(Pause))
        {
            try
            {
                _checkpoint.Run();
            }
            catch (SqliteException)
            {
                // The log keeps what could not be brought over. The journal meets the same trouble, and says so, when it takes its turn.
            }
        }
    }
}
