using System.Data.Common;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Infrastructure.Metering.Journal.Storage;

/// <summary>
/// SQLite: the transaction takes the file's one write lock at its beginning, so nothing else need be locked; statements are
/// prepared once and run a row at a time, inside the process.
/// </summary>
internal sealed class SqliteLedgerStore(string connectionString, ILogger<SqliteLedgerStore> logger) : LedgerStore
{
    private const string ReadOneAccount =
        """
        SELECT id, granted, held, spent, entry_count, created_at
        FROM ledger_accounts WHERE owner_kind = ? AND owner_id = ? AND meter = ? AND period = ?
        """;

    private static readonly string[] Settings =
    [
        // The time that SQLite itself waits for another process's transaction.
        "PRAGMA busy_timeout = 30000",

        // KiB: the pages that batches change again and again are not read from the log each time. Not more: whenever pages were
        // split, SQLite's commit goes over all the slots of this memory.
        "PRAGMA cache_size = -16384",

        // Pages, 256 MiB: what happens before that is up to the thread of the checkpoints. Readers may keep it from having its way.
        "PRAGMA wal_autocheckpoint = 64000",
    ];

    private readonly Dictionary<(JournalTable Table, bool IsUpdate, bool UnlessExists), string> _texts = [];
    private readonly Dictionary<string, SqliteStatement> _prepared = [];

    private SqliteCheckpoints? _checkpoints;
    private List<SqliteFiling> _filings = [];

    public override void Write(IReadOnlyList<TableWrite> writes)
    {
        foreach (var write in writes)
        {
            if (write is TableUpdate update)
            {
                Update(update);
            }
            else
            {
                Insert((TableInsert)write);
            }
        }
    }

    public override void Commit(IReadOnlyList<TableWrite> writes)
    {
        Write(writes);
        _filings.ForEach(filing => filing.Continue());
        Prepared("COMMIT").Run();
    }

    public override void Tidy()
    {
        if (_checkpoints is { } checkpoints && checkpoints.Continue())
        {
            BringLastPartOver(checkpoints);
        }
    }

    // Outside the pool: what is given up in the middle of a transaction must be closed, which undoes it.
    protected override DbConnection Connect() =>
        new SqliteConnection(new SqliteConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);

    protected override void Prepare(DbConnection connection)
    {
        foreach (var setting in Settings)
        {
            using var statement = new SqliteStatement((SqliteConnection)connection, setting);
            statement.Run();
        }
    }

    // A transaction has the file's one lock already.
    protected override List<LedgerAccount> Read(IReadOnlyList<AccountKey> keys, bool locks)
    {
        var accounts = new List<LedgerAccount>(keys.Count);
        var statement = Prepared(ReadOneAccount);
        foreach (var key in keys)
        {
            statement.Bind(0, (long)key.OwnerKind);
            statement.Bind(1, key.OwnerId);
            statement.Bind(2, (long)key.Meter);
            statement.Bind(3, key.Period.Label);
            if (statement.Step())
            {
                accounts.Add(LedgerAccount.Restore(
                    Guid.Parse(statement.Text(0)),
                    key,
                    new AccountStanding(statement.Number(1), statement.Number(2), statement.Number(3), statement.Number(4)),
                    UnixMicroseconds.ToInstant(statement.Number(5))));
            }

            statement.Reset();
        }

        return accounts;
    }

    protected override void BeginTransaction()
    {
        // Before there is anything that could not be undone: it opens a connection, which may fail.
        _checkpoints ??= new SqliteCheckpoints(connectionString, logger);
        if (_filings.Count == 0)
        {
            _filings = [.. DeferredIndex.All.Select(index => new SqliteFiling(index, (SqliteConnection)Connection, logger))];
        }

        Prepared("BEGIN IMMEDIATE").Run();
    }

    protected override void Forget()
    {
        foreach (var statement in _prepared.Values)
        {
            statement.Dispose();
        }

        _prepared.Clear();
        _checkpoints?.Dispose();
        _checkpoints = null;
        _filings.ForEach(filing => filing.Dispose());
        _filings = [];
    }

    private void BringLastPartOver(SqliteCheckpoints checkpoints)
    {
        try
        {
            Prepared(SqliteCheckpoints.Statement).Run();
        }
        catch (SqliteException failure)
        {
            // The commit is durable whatever becomes of this.
            checkpoints.NoteFailure(failure);
        }
        finally
        {
            checkpoints.LastPartIsOver();
        }
    }

    private void Insert(TableInsert insert)
    {
        var statement = Prepared(insert);
        for (var row = 0; row < insert.RowCount; row++)
        {
            Bind(statement, insert, row);
            statement.Run();
        }

        _filings.ForEach(filing => filing.Follow(insert));
    }

    private void Update(TableUpdate update)
    {
        var statement = Prepared(update);
        var affected = 0;
        for (var row = 0; row < update.RowCount; row++)
        {
            Bind(statement, update, row);
            if (update.Guard is { } guard)
            {
                guard.Column.BindValue(statement, update.Columns.Count, guard.Expected.GetValue(row));
            }

            affected += statement.Run();
        }

        RequireAll(update, affected);
    }

    private static void Bind(SqliteStatement statement, TableWrite write, int row)
    {
        for (var index = 0; index < write.Columns.Count; index++)
        {
            write.Columns[index].Bind(statement, index, write.Values[index], row);
        }
    }

    private static string Names(IEnumerable<JournalColumn> columns) => string.Join(", ", columns.Select(column => column.Name));

    private static string Insertion(TableInsert insert) =>
        $"INSERT {(insert.UnlessExists ? "OR IGNORE " : string.Empty)}INTO {insert.Table.Name} ({Names(insert.Table.Columns)}) "
        + $"VALUES ({string.Join(", ", insert.Table.Columns.Select(_ => "?"))})";

    private static string Change(TableUpdate update) =>
        $"UPDATE {update.Table.Name} SET {string.Join(", ", update.Changed.Select((column, index) => $"{column.Name} = ?{index + 2}"))} "
        + $"WHERE {update.Table.Key.Name} = ?1"
        + (update.Guard is { } guard ? $" AND {guard.Column.Name} = ?{update.Columns.Count + 1}" : string.Empty);

    // A table is always changed in the same columns.
    private SqliteStatement Prepared(TableWrite write)
    {
        var kind = (write.Table, write is TableUpdate, write is TableInsert { UnlessExists: true });
        if (!_texts.TryGetValue(kind, out var text))
        {
            _texts[kind] = text = write is TableUpdate update ? Change(update) : Insertion((TableInsert)write);
        }

        return Prepared(text);
    }

    private SqliteStatement Prepared(string text)
    {
        if (!_prepared.TryGetValue(text, out var statement))
        {
            _prepared[text] = statement = new SqliteStatement((SqliteConnection)Connection, text);
        }

        return statement;
    }
}
