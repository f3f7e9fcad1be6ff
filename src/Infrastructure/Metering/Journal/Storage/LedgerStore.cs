using System.Data.Common;
using AiPlatform.Domain.Metering;

namespace AiPlatform.Infrastructure.Metering.Journal.Storage;

/// <summary>
/// What the journal asks of a database: one transaction at a time, over a connection of its own that stays open. Each database
/// has its own way to lock accounts by name and to write many rows with one statement.
/// </summary>
/// <remarks>One writer uses it; nothing in it is locked.</remarks>
internal abstract class LedgerStore : IDisposable
{
    private DbConnection? _connection;

    /// <summary>The connection, open.</summary>
    protected DbConnection Connection => _connection ?? throw new InvalidOperationException("No transaction was begun.");

    /// <summary>Begins a transaction.</summary>
    public void Begin()
    {
        Open();
        BeginTransaction();
    }

    /// <summary>
    /// Locks accounts until the transaction ends, in the order of their names everywhere, so that no two processes wait for each
    /// other.
    /// </summary>
    /// <param name="keys">The names, sorted, none twice.</param>
    /// <returns>Those that exist.</returns>
    public List<LedgerAccount> Lock(IReadOnlyList<AccountKey> keys) => Read(keys, locks: true);

    /// <summary>Reads accounts as they were committed last, outside of a transaction. Nothing is locked.</summary>
    /// <param name="keys">The names, none twice.</param>
    /// <returns>Those that exist.</returns>
    public List<LedgerAccount> Find(IReadOnlyList<AccountKey> keys)
    {
        Open();
        return Read(keys, locks: false);
    }

    /// <summary>Writes rows that a later statement of the transaction needs.</summary>
    public abstract void Write(IReadOnlyList<TableWrite> writes);

    /// <summary>Writes the last rows, which may be none, and makes everything since the beginning durable.</summary>
    /// <exception cref="StaleRowException">A guarded row is not what it was; nothing is written.</exception>
    public abstract void Commit(IReadOnlyList<TableWrite> writes);

    /// <summary>Does what is better done after a commit, when its callers have been told. It cannot fail what is durable.</summary>
    public virtual void Tidy()
    {
    }

    /// <summary>Undoes everything since the beginning and gives the connection up: nobody knows what state it is in.</summary>
    public void Abandon()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            Forget();
            connection.Dispose();
        }
    }

    public void Dispose() => Abandon();

    protected abstract DbConnection Connect();

    protected abstract List<LedgerAccount> Read(IReadOnlyList<AccountKey> keys, bool locks);

    /// <summary>Sets a new connection up.</summary>
    protected virtual void Prepare(DbConnection connection)
    {
    }

    protected abstract void BeginTransaction();

    /// <summary>Drops what belongs to the connection that is given up.</summary>
    protected abstract void Forget();

    /// <summary>Reads an account from the ten columns that server databases select in the same order.</summary>
    protected static LedgerAccount ReadAccount(DbDataReader reader) => LedgerAccount.Restore(
        reader.GetGuid(0),
        new AccountKey((OwnerKind)reader.GetInt32(1), reader.GetGuid(2), (Meter)reader.GetInt32(3), new Period(reader.GetString(4))),
        new AccountStanding(reader.GetInt64(5), reader.GetInt64(6), reader.GetInt64(7), reader.GetInt64(8)),
        reader.GetFieldValue<DateTimeOffset>(9));

    /// <summary>Throws unless a guarded update found every row as it was.</summary>
    protected static void RequireAll(TableUpdate update, int affected)
    {
        if (affected != update.RowCount)
        {
            throw new StaleRowException(update.Table.Name);
        }
    }

    private void Open()
    {
        if (_connection is not null)
        {
            return;
        }

        var connection = Connect();
        try
        {
            connection.Open();
            Prepare(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }

        _connection = connection;
    }
}
