using System.Data;
using System.Data.Common;
using AiPlatform.Domain.Metering;
using AiPlatform.Infrastructure.Shared;
using Microsoft.Data.Sqlite;

namespace AiPlatform.Infrastructure.Metering.Journal.Storage;

/// <summary>
/// SQLite: the transaction takes the file's one write lock at its beginning, so nothing else need be locked; statements are
/// prepared once and run a row at a time, inside the process.
/// </summary>
internal sealed class SqliteLedgerStore(string connectionString) : LedgerStore
{
    private const string ReadOneAccount =
        """
        SELECT id, owner_kind, owner_id, meter, period, granted, held, spent, entry_count, created_at
        FROM ledger_accounts WHERE owner_kind = $0 AND owner_id = $1 AND meter = $2 AND period = $3
        """;

    private readonly Dictionary<string, SqliteCommand> _prepared = [];

    private SqliteTransaction? _transaction;

    public override List<LedgerAccount> Lock(IReadOnlyList<AccountKey> keys)
    {
        var accounts = new List<LedgerAccount>(keys.Count);
        var command = Prepared(ReadOneAccount, 4);
        foreach (var key in keys)
        {
            Bind(command, 0, (int)key.OwnerKind);
            Bind(command, 1, key.OwnerId);
            Bind(command, 2, (int)key.Meter);
            Bind(command, 3, key.Period.Label);
            using var reader = command.ExecuteReader();
            if (reader.Read())
            {
                accounts.Add(ReadAccount(reader, (row, ordinal) => UnixMicroseconds.ToInstant(row.GetInt64(ordinal))));
            }
        }

        return accounts;
    }

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

    public override void Commit()
    {
        _transaction!.Commit();
        _transaction.Dispose();
        _transaction = null;
    }

    protected override DbConnection Connect() => new SqliteConnection(connectionString);

    protected override void BeginTransaction()
    {
        // BEGIN IMMEDIATE.
        _transaction = ((SqliteConnection)Connection).BeginTransaction(IsolationLevel.Serializable);
    }

    protected override void Forget()
    {
        foreach (var command in _prepared.Values)
        {
            command.Dispose();
        }

        _prepared.Clear();
        _transaction?.Dispose();
        _transaction = null;
    }

    private static void Bind(SqliteCommand command, int index, object value) => command.Parameters[index].Value = value;

    private void Insert(TableInsert insert)
    {
        var columns = insert.Table.Columns;
        var command = Prepared(
            $"INSERT {(insert.UnlessExists ? "OR IGNORE " : string.Empty)}INTO {insert.Table.Name} ({Names(columns)}) "
            + $"VALUES ({string.Join(", ", Enumerable.Range(0, columns.Count).Select(index => "$" + index))})",
            columns.Count);
        foreach (var row in insert.Rows)
        {
            for (var index = 0; index < columns.Count; index++)
            {
                Bind(command, index, columns[index].Value(row));
            }

            command.ExecuteNonQuery();
        }
    }

    private void Update(TableUpdate update)
    {
        var assignments = string.Join(", ", update.Changed.Select((column, index) => $"{column.Name} = ${index}"));
        var (key, guard) = (update.Changed.Count, update.Guard);
        var command = Prepared(
            $"UPDATE {update.Table.Name} SET {assignments} WHERE {update.Table.Key.Name} = ${key}"
            + (guard is null ? string.Empty : $" AND {guard.Column.Name} = ${key + 1}"),
            key + (guard is null ? 1 : 2));
        var affected = 0;
        for (var row = 0; row < update.Rows.Count; row++)
        {
            for (var index = 0; index < key; index++)
            {
                Bind(command, index, update.Changed[index].Value(update.Rows[row]));
            }

            Bind(command, key, update.Table.Key.Value(update.Rows[row]));
            if (guard is not null)
            {
                Bind(command, key + 1, guard.Expected[row]);
            }

            affected += command.ExecuteNonQuery();
        }

        RequireAll(update, affected);
    }

    private static string Names(IEnumerable<JournalColumn> columns) => string.Join(", ", columns.Select(column => column.Name));

    private SqliteCommand Prepared(string statement, int parameters)
    {
        if (!_prepared.TryGetValue(statement, out var command))
        {
            command = ((SqliteConnection)Connection).CreateCommand();
            command.CommandText = statement;
            for (var index = 0; index < parameters; index++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = "$" + index, Value = DBNull.Value });
            }

            _prepared[statement] = command;
        }

        command.Transaction = _transaction;
        return command;
    }
}
