namespace AiPlatform.Infrastructure.Metering.Journal.Storage;

/// <summary>Rows of one table to write with one statement.</summary>
/// <param name="Table">The table.</param>
/// <param name="Rows">The rows, at least one.</param>
internal abstract record TableWrite(JournalTable Table, IReadOnlyList<object> Rows);

/// <summary>New rows.</summary>
internal sealed record TableInsert(JournalTable Table, IReadOnlyList<object> Rows) : TableWrite(Table, Rows)
{
    /// <summary>Whether a row that exists already is left as it is.</summary>
    public bool UnlessExists { get; init; }
}

/// <summary>Changed rows, found by their key.</summary>
/// <param name="Table">The table.</param>
/// <param name="Rows">The rows, each once.</param>
/// <param name="Changed">The columns to write.</param>
internal sealed record TableUpdate(JournalTable Table, IReadOnlyList<object> Rows, IReadOnlyList<JournalColumn> Changed) : TableWrite(Table, Rows)
{
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
