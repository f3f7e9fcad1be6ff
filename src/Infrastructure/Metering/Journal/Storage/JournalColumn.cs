using System.Linq.Expressions;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiPlatform.Infrastructure.Metering.Journal.Storage;

/// <summary>A column of a table that the journal writes: its name and type, and how its value is read from a row.</summary>
internal abstract class JournalColumn(IProperty property, StoreObjectIdentifier table)
{
    public string Property { get; } = property.Name;

    public string Name { get; } = property.GetColumnName(table) ?? throw new InvalidOperationException($"{property} has no column.");

    /// <summary>The column's type, as the database names it.</summary>
    public string StoreType { get; } = property.GetColumnType(table)
        ?? throw new InvalidOperationException($"The column of {property} has no type.");

    public bool IsKey { get; } = property.IsPrimaryKey();

    /// <summary>The values of many rows as one typed array.</summary>
    public abstract Array Values(IReadOnlyList<object> rows);

    /// <summary>Binds one of the column's <see cref="Values"/> to a parameter of SQLite.</summary>
    public abstract void Bind(SqliteStatement statement, int index, Array values, int row);

    /// <summary>Binds a stored value to a parameter of SQLite.</summary>
    public void BindValue<T>(SqliteStatement statement, int index, T value)
    {
        switch (value)
        {
            case null:
                statement.BindNull(index);
                break;
            case string text:
                statement.Bind(index, text);
                break;
            case Guid id:
                statement.Bind(index, id);
                break;
            case long number:
                statement.Bind(index, number);
                break;
            case int number:
                statement.Bind(index, number);
                break;
            case bool flag:
                statement.Bind(index, flag ? 1 : 0);
                break;
            case byte[] bytes:
                statement.Bind(index, bytes);
                break;
            case var other:
                throw new InvalidOperationException($"SQLite keeps no {other.GetType().Name} in {Name}.");
        }
    }

    /// <summary>Writes one of the column's <see cref="Values"/>.</summary>
    public abstract void WriteJson(Utf8JsonWriter writer, Array values, int row);

    /// <summary>Reads a property's value through the converter that the model declares for it.</summary>
    public static JournalColumn Of(IProperty property, StoreObjectIdentifier table)
    {
        var row = Expression.Parameter(typeof(object), "row");
        var member = Expression.Property(Expression.Convert(row, property.DeclaringType.ClrType), property.PropertyInfo!);
        var value = ToStored(member, property.GetRelationalTypeMapping());
        var column = typeof(JournalColumn<>).MakeGenericType(value.Type);
        return (JournalColumn)Activator.CreateInstance(column, property, table, Expression.Lambda(value, row).Compile())!;
    }

    private static Expression ToStored(Expression member, RelationalTypeMapping mapping)
    {
        if (mapping.Converter is not { } converter)
        {
            return member;
        }

        var convert = converter.ConvertToProviderExpression;
        if (Nullable.GetUnderlyingType(member.Type) is null)
        {
            return Expression.Invoke(convert, member);
        }

        var stored = Expression.Convert(
            Expression.Invoke(convert, Expression.Property(member, nameof(Nullable<int>.Value))), typeof(Nullable<>).MakeGenericType(convert.ReturnType));
        return Expression.Condition(Expression.Property(member, nameof(Nullable<int>.HasValue)), stored, Expression.Default(stored.Type));
    }
}

internal sealed class JournalColumn<TValue>(IProperty property, StoreObjectIdentifier table, Func<object, TValue> read)
    : JournalColumn(property, table)
{
    public override Array Values(IReadOnlyList<object> rows)
    {
        var values = new TValue[rows.Count];
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = read(rows[index]);
        }

        return values;
    }

    public override void Bind(SqliteStatement statement, int index, Array values, int row) =>
        BindValue(statement, index, ((TValue[])values)[row]);

    public override void WriteJson(Utf8JsonWriter writer, Array values, int row) =>
        JsonSerializer.Serialize(writer, ((TValue[])values)[row]);
}
