using System.Buffers;
using System.Data;
using System.Data.Common;
using System.Text;
using System.Text.Json;
using AiPlatform.Domain.Metering;
using Microsoft.Data.SqlClient;

namespace AiPlatform.Infrastructure.Metering.Journal.Storage;

/// <summary>
/// SQL Server: accounts are locked as they are read (<c>UPDLOCK</c>), and the rows of a table travel as one JSON text, an array
/// a row (<c>OPENJSON</c>).
/// </summary>
internal sealed class SqlServerLedgerStore(string connectionString) : LedgerStore
{
    internal const string ReadAccounts = Accounts + Named;

    /// <summary>Names come in sorted, and the loop join takes the locks in that order.</summary>
    internal const string LockAccounts = Accounts + " WITH (UPDLOCK, ROWLOCK)" + Named;

    private const string Accounts =
        """
        SELECT a.id, a.owner_kind, a.owner_id, a.meter, a.period, a.granted, a.held, a.spent, a.entry_count, a.created_at
        FROM OPENJSON(@rows) WITH (
            owner_kind int '$[0]', owner_id uniqueidentifier '$[1]', meter int '$[2]', period varchar(20) '$[3]') AS k
        INNER LOOP JOIN ledger_accounts AS a
        """;

    private const string Named =
        " ON a.owner_kind = k.owner_kind AND a.owner_id = k.owner_id AND a.meter = k.meter AND a.period = k.period";

    private SqlTransaction? _transaction;

    public override void Write(IReadOnlyList<TableWrite> writes)
    {
        foreach (var write in writes)
        {
            var update = write as TableUpdate;
            using var command = CommandFor(StatementFor(write), Json(write.RowCount, (writer, index) =>
            {
                for (var column = 0; column < write.Columns.Count; column++)
                {
                    write.Columns[column].WriteJson(writer, write.Values[column], index);
                }

                if (update?.Guard is { } guard)
                {
                    JsonSerializer.Serialize(writer, guard.Expected.GetValue(index));
                }
            }));
            var affected = command.ExecuteNonQuery();
            if (update is not null)
            {
                RequireAll(update, affected);
            }
        }
    }

    public override void Commit(IReadOnlyList<TableWrite> writes)
    {
        Write(writes);
        _transaction!.Commit();
        _transaction.Dispose();
        _transaction = null;
    }

    /// <summary>The statement that writes rows of a table.</summary>
    internal static string StatementFor(TableWrite write) => write switch
    {
        TableUpdate update => Update(update),
        TableInsert insert => Insert(insert),
        _ => throw new ArgumentOutOfRangeException(nameof(write), write.GetType().Name, null),
    };

    protected override DbConnection Connect() =>
        new SqlConnection(new SqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);

    protected override List<LedgerAccount> Read(IReadOnlyList<AccountKey> keys, bool locks)
    {
        var accounts = new List<LedgerAccount>(keys.Count);
        using var command = CommandFor(locks ? LockAccounts : ReadAccounts, Json(keys.Count, (writer, index) =>
        {
            writer.WriteNumberValue((int)keys[index].OwnerKind);
            writer.WriteStringValue(keys[index].OwnerId);
            writer.WriteNumberValue((int)keys[index].Meter);
            writer.WriteStringValue(keys[index].Period.Label);
        }));
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            accounts.Add(ReadAccount(reader));
        }

        return accounts;
    }

    protected override void BeginTransaction() =>
        _transaction = ((SqlConnection)Connection).BeginTransaction(IsolationLevel.ReadCommitted);

    protected override void Forget() => _transaction = null;

    private static string Insert(TableInsert insert)
    {
        var names = string.Join(", ", insert.Table.Columns.Select(column => column.Name));
        var statement = $"INSERT INTO {insert.Table.Name} ({names}) SELECT {names} FROM {OpenJson(insert.Table.Columns)} AS v";
        return insert.UnlessExists
            ? $"{statement} WHERE NOT EXISTS (SELECT 1 FROM {insert.Table.Name} AS t WITH (UPDLOCK, HOLDLOCK) WHERE "
                + string.Join(" AND ", insert.Table.Unique.Select(column => $"t.{column.Name} = v.{column.Name}")) + ")"
            : statement;
    }

    private static string Update(TableUpdate update)
    {
        var columns = update.Columns;
        var assignments = string.Join(", ", update.Changed.Select(column => $"{column.Name} = v.{column.Name}"));
        var expected = update.Guard is null ? string.Empty : $", expected {update.Guard.Column.StoreType} '$[{columns.Count}]'";
        return $"UPDATE t SET {assignments} FROM {update.Table.Name} AS t INNER JOIN {OpenJson(columns, expected)} AS v "
            + $"ON t.{update.Table.Key.Name} = v.{update.Table.Key.Name}"
            + (update.Guard is { } guard ? $" AND t.{guard.Column.Name} = v.expected" : string.Empty);
    }

    private static string OpenJson(IReadOnlyList<JournalColumn> columns, string more = "") =>
        $"OPENJSON(@rows) WITH ({string.Join(", ", columns.Select((column, index) => $"{column.Name} {column.StoreType} '$[{index}]'"))}{more})";

    private static string Json(int rows, Action<Utf8JsonWriter, int> writeRow)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            for (var index = 0; index < rows; index++)
            {
                writer.WriteStartArray();
                writeRow(writer, index);
                writer.WriteEndArray();
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private SqlCommand CommandFor(string statement, string rows)
    {
        var command = new SqlCommand(statement, (SqlConnection)Connection, _transaction);
        command.Parameters.Add(new SqlParameter("@rows", SqlDbType.NVarChar, -1) { Value = rows });
        return command;
    }
}
