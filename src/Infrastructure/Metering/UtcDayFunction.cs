using AiPlatform.Application.Metering;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiPlatform.Infrastructure.Metering;

/// <summary>Says in each database's words which day of UTC an instant lies in.</summary>
internal static class UtcDayFunction
{
    private const long MicrosecondsOfADay = 86_400_000_000;

    /// <summary>Maps <see cref="UtcDays.Of"/>.</summary>
    public static void MapUtcDays(this ModelBuilder model, string? provider) => model
        .HasDbFunction(() => UtcDays.Of(default))
        .HasTranslation(arguments => provider switch
        {
            // Instants are microseconds there; the division of two integers is one.
            "Microsoft.EntityFrameworkCore.Sqlite" => Whole(new SqlBinaryExpression(
                System.Linq.Expressions.ExpressionType.Divide,
                new SqlUnaryExpression(System.Linq.Expressions.ExpressionType.Convert, arguments[0], typeof(long), LongTypeMapping.Default),
                Constant(MicrosecondsOfADay),
                typeof(long),
                LongTypeMapping.Default)),
            "Npgsql.EntityFrameworkCore.PostgreSQL" => Whole(Call("floor", typeof(double), DoubleTypeMapping.Default, new SqlBinaryExpression(
                System.Linq.Expressions.ExpressionType.Divide,
                Call("date_part", typeof(double), DoubleTypeMapping.Default, new SqlFragmentExpression("'epoch'"), arguments[0]),
                new SqlFragmentExpression("86400"),
                typeof(double),
                DoubleTypeMapping.Default))),
            _ => Call("DATEDIFF", typeof(int), IntTypeMapping.Default, new SqlFragmentExpression("day"), new SqlFragmentExpression("'1970-01-01'"), arguments[0]),
        });

    private static SqlConstantExpression Constant(long value) => new SqlConstantExpression(value, LongTypeMapping.Default);

    private static SqlUnaryExpression Whole(SqlExpression number) =>
        new SqlUnaryExpression(System.Linq.Expressions.ExpressionType.Convert, number, typeof(int), IntTypeMapping.Default);

    private static SqlFunctionExpression Call(string name, Type type, RelationalTypeMapping mapping, params SqlExpression[] arguments) =>
        new SqlFunctionExpression(name, arguments, nullable: false, arguments.Select(_ => false), type, mapping);
}
