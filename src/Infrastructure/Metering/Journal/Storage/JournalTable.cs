using AiPlatform.Infrastructure.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace AiPlatform.Infrastructure.Metering.Journal.Storage;

/// <summary>A table that the journal writes, as the model describes it: a property that is added there is written here too.</summary>
internal sealed class JournalTable
{
    private readonly Dictionary<string, JournalColumn> _byProperty;

    public JournalTable(IEntityType entity)
    {
        Name = entity.GetTableName() ?? throw new InvalidOperationException($"{entity} has no table.");
        var table = StoreObjectIdentifier.Table(Name, entity.GetSchema());

        // What a row itself does not have, the database fills in.
        Columns = [.. entity.GetProperties().Where(property => !property.IsShadowProperty()).Select(property => JournalColumn.Of(property, table))];
        Unique = [.. entity.GetIndexes().Where(index => index.IsUnique).Take(1).SelectMany(index => index.Properties)
            .Select(property => Columns.Single(column => column.Property == property.Name))];
        Depth = DepthOf(entity);
        _byProperty = Columns.ToDictionary(column => column.Property);
    }

    public string Name { get; }

    public IReadOnlyList<JournalColumn> Columns { get; }

    /// <summary>The one column that names a row.</summary>
    /// <exception cref="InvalidOperationException">Several do, so that no row of the table can be updated.</exception>
    public JournalColumn Key => Columns.Single(column => column.IsKey);

    /// <summary>The columns that name a row beside its key; none where nothing does.</summary>
    public IReadOnlyList<JournalColumn> Unique { get; }

    /// <summary>How many tables must be written before this one, because rows of it refer to rows of theirs.</summary>
    public int Depth { get; }

    /// <summary>The column of a property.</summary>
    public JournalColumn this[string property] => _byProperty[property];

    private static int DepthOf(IEntityType entity) =>
        entity.GetForeignKeys().Select(key => 1 + DepthOf(key.PrincipalEntityType)).DefaultIfEmpty().Max();
}

/// <summary>The tables of the model, by the type of their rows.</summary>
internal sealed class JournalTables(IDbContextFactory<AppDbContext> contexts)
{
    private readonly Dictionary<Type, JournalTable> _tables = [];

    /// <summary>The table of a type of row. One writer asks, so nothing is locked.</summary>
    public JournalTable this[Type row]
    {
        get
        {
            if (!_tables.TryGetValue(row, out var table))
            {
                using var db = contexts.CreateDbContext();
                _tables[row] = table = new JournalTable(
                    db.Model.FindEntityType(row) ?? throw new InvalidOperationException($"The model has no {row.Name}."));
            }

            return table;
        }
    }
}
