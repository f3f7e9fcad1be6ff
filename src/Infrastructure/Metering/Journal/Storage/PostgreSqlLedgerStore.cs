using System.Data.Common;
using AiPlatform.Domain.Metering;
using Npgsql;

namespace AiPlatform.Infrastructure.Metering.Journal.Storage;

/// <summary>
/// PostgreSQL: accounts are locked as they are read (<c>FOR UPDATE</c>), and the rows of a table travel as one array a column.
/// A batch whose accounts are locked takes two round trips: one locks, one writes and commits; else it takes one. So it is the
/// statement itself that fails where a guarded row is not what it was.
/// </summary>
internal sealed class PostgreSqlLedgerStore(string connectionString) : LedgerStore
{
    private const string ReadAccounts =
        """
        SELECT a.id, a.owner_kind, a.owner_id, a.meter, a.period, a.granted, a.held, a.spent, a.entry_count, a.created_at
        FROM unnest($1, $2, $3, $4) AS k (owner_kind, owner_id, meter, period)
        JOIN ledger_accounts AS a
          ON a.owner_kind = k.owner_kind AND a.owner_id = k.owner_id AND a.meter = k.meter AND a.period = k.period
        ORDER BY a.owner_kind, a.owner_id, a.meter, a.period
        """;

    private const string LockAccounts = ReadAccounts + " FOR UPDATE OF a";

    // Statements are few and always the same, so each is planned once. Every access is by an index: a plan that scans a table
    // because it was small when the plan was made would be wrong for good.
    private readonly string _connectionString =
        new NpgsqlConnectionStringBuilder(connectionString) { MaxAutoPrepare = 50, AutoPrepareMinUsages = 2, Enlist = false, Pooling = false }.ConnectionString;

    private readonly Dictionary<(JournalTable Table, string Kind), string> _statements = [];

    private bool _begun;

    public override void Write(IReadOnlyList<TableWrite> writes) => Execute(writes, commits: false);

    public override void Commit(IReadOnlyList<TableWrite> writes)
    {
        if (_begun || writes.Count > 0)
        {
            Execute(writes, commits: true);
        }
    }

    protected override DbConnection Connect() => new NpgsqlConnection(_connectionString);

    protected override void Prepare(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET plan_cache_mode = force_generic_plan; SET jit = off";
        command.ExecuteNonQuery();
    }

    protected override List<LedgerAccount> Read(IReadOnlyList<AccountKey> keys, bool locks)
    {
        using var batch = NewBatch();
        if (locks)
        {
            AddBegin(batch);
        }

        var command = new NpgsqlBatchCommand(locks ? LockAccounts : ReadAccounts);
        Add(command, keys, key => (int)key.OwnerKind);
        Add(command, keys, key => key.OwnerId);
        Add(command, keys, key => (int)key.Meter);
        Add(command, keys, key => key.Period.Label);
        batch.BatchCommands.Add(command);

        var accounts = new List<LedgerAccount>(keys.Count);
        using var reader = batch.ExecuteReader();
        while (reader.Read())
        {
            accounts.Add(ReadAccount(reader));
        }

        return accounts;
    }

    // The transaction begins with its first statement, in the same round trip.
    protected override void BeginTransaction()
    {
        _begun = false;
    }

    protected override void Forget() => _begun = false;

    private static void Add<TValue>(NpgsqlBatchCommand command, IReadOnlyList<AccountKey> keys, Func<AccountKey, TValue> part) =>
        command.Parameters.Add(new NpgsqlParameter<TValue[]> { TypedValue = [.. keys.Select(part)] });

    private void Execute(IReadOnlyList<TableWrite> writes, bool commits)
    {
        using var batch = NewBatch();
        AddBegin(batch);
        foreach (var write in writes)
        {
            batch.BatchCommands.Add(CommandFor(write));
        }

        if (commits)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        }

        try
        {
            batch.ExecuteNonQuery();
        }
        catch (PostgresException failure) when (failure.SqlState is PostgresErrorCodes.DivisionByZero)
        {
            throw new StaleRowException(failure);
        }
    }

    private NpgsqlBatch NewBatch() => ((NpgsqlConnection)Connection).CreateBatch();

    private void AddBegin(NpgsqlBatch batch)
    {
        if (!_begun)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("BEGIN"));
            _begun = true;
        }
    }

    private NpgsqlBatchCommand CommandFor(TableWrite write)
    {
        var command = new NpgsqlBatchCommand(StatementFor(write));
        foreach (var values in write.Values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = values });
        }

        if (write is TableUpdate { Guard: { } guard })
        {
            command.Parameters.Add(new NpgsqlParameter { Value = guard.Expected });
        }

        return command;
    }

    private string StatementFor(TableWrite write)
    {
        var kind = write switch
        {
            TableInsert { UnlessExists: true } => "insert unless exists",
            TableInsert => "insert",
            _ => "update",
        };
        if (!_statements.TryGetValue((write.Table, kind), out var statement))
        {
            _statements[(write.Table, kind)] = statement = write is TableUpdate update ? Update(update) : Insert(write);
        }

        return statement;
    }

    private static string Insert(TableWrite write)
    {
        var columns = string.Join(", ", write.Table.Columns.Select(column => column.Name));
        return $"INSERT INTO {write.Table.Name} ({columns}) SELECT * FROM {Unnest(write.Table.Columns)}"
            + (write is TableInsert { UnlessExists: true } ? " ON CONFLICT DO NOTHING" : string.Empty);
    }

    private static string Update(TableUpdate update)
    {
        var columns = update.Columns;
        var names = string.Join(", ", columns.Select(column => column.Name));
        var assignments = string.Join(", ", update.Changed.Select(column => $"{column.Name} = v.{column.Name}"));
        var statement = update.Guard is null
            ? $"UPDATE {update.Table.Name} AS t SET {assignments} FROM {Unnest(columns)} AS v ({names})"
            : $"UPDATE {update.Table.Name} AS t SET {assignments} FROM unnest({Arrays(columns)}, ${columns.Count + 1}) AS v ({names}, expected)";
        var changed = $"{statement} WHERE t.{update.Table.Key.Name} = v.{update.Table.Key.Name}"
            + (update.Guard is { } guard ? $" AND t.{guard.Column.Name} = v.expected" : string.Empty);

        // The commit follows in the same round trip: a row that was not found divides by zero, which undoes everything.
        return $"WITH changed AS ({changed} RETURNING 1) SELECT 1 / (count(*) = cardinality($1))::int FROM changed";
    }

    private static string Unnest(IReadOnlyList<JournalColumn> columns) => $"unnest({Arrays(columns)})";

    private static string Arrays(IReadOnlyList<JournalColumn> columns) =>
        string.Join(", ", columns.Select((column, index) => $"${index + 1}::{ArrayType(column)}"));

    // A cast to a length would cut in silence; without one the column itself refuses what is too long.
    private static string ArrayType(JournalColumn column) =>
        column.StoreType.StartsWith("character varying", StringComparison.Ordinal) ? "text[]" : column.StoreType + "[]";
}
