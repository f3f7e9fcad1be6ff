namespace AiPlatform.Infrastructure.Metering.Journal.Storage;

/// <summary>
/// Rows of one table to write with one statement, with the values that they have now: whatever becomes of a row afterwards, this is
/// what is written.
/// </summary>
internal abstract class TableWrite
{
    protected TableWrite(JournalTable table, IReadOnlyList<JournalColumn> columns, IReadOnlyList<object> rows)
    {
        Table = table;
        Columns = columns;
        RowCount = rows.Count;
        Values = [.. columns.Select(column => column.Values(rows))];
    }

    public JournalTable Table { get; }

    /// <summary>The columns that the statement names, in its order.</summary>
    public IReadOnlyList<JournalColumn> Columns { get; }

    /// <summary>The values of each column, in the order of the rows.</summary>
    public IReadOnlyList<Array> Values { get; }

    public int RowCount { get; }
}

/// <summary>New rows.</summary>
internal sealed class TableInsert(JournalTable table, IReadOnlyList<object> rows) : TableWrite(table, table.Columns, rows)
{
    /// <summary>Whether a row that exists already is left as it is.</summary>
    public bool UnlessExists { get; init; }
}

/// <summary>Changed rows, found by their key, which is the first column; each once.</summary>
internal sealed class TableUpdate(JournalTable table, IReadOnlyList<object> rows, IReadOnlyList<JournalColumn> changed)
    : TableWrite(table, [table.Key, .. changed], rows)
{
    /// <summary>The columns to write.</summary>
    public IReadOnlyList<JournalColumn> Changed => changed;

    /// <summary>What every row must still say in the database, so that whoever was first wins.</summary>
    public UpdateGuard? Guard { get; init; }
}

/// <summary>The state that rows must still be in.</summary>
/// <param name="Column">The column.</param>
/// <param name="Expected">Its stored value in each row, in the order of the rows: <c>int[]</c>, <c>long[]</c> or <c>Guid[]</c>.</param>
internal sealed record UpdateGuard(JournalColumn Column, Array Expected);

/// <summary>A row was changed by somebody else since it was read: the batch is undone, and each step decides again.</summary>
internal sealed class StaleRowException : Exception
{
    public StaleRowException(string table)
        : base($"A row of {table} was changed by another process.")
    {
    }

    public StaleRowException(Exception statement)
        : base("A row was changed by another process.", statement)
    {
    }
}
