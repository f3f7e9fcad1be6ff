using System.Text.Json;
using AiPlatform.Domain.Metering;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Infrastructure.Shared;

/// <summary>
/// How SQLite finds the rows of one owner, by time, in a table to which every call adds. An ordinary index puts each new row where its
/// owner is, so nearly each on a page of its own, all of which a commit must write. Here rows are numbered as they come, the latest
/// wait, and many are filed by owner together; who looks for an owner's rows reads those that are filed and goes through those that
/// wait. The technique is that of PostgreSQL's GIN indexes and their pending list.
/// </summary>
/// <remarks>Nothing changes the owner or the time of such a row; where somebody did so by hand, it is found where it was filed.</remarks>
/// <param name="Table">The table.</param>
/// <param name="Owner">The column that names the owner; rows without one are not filed.</param>
/// <param name="Time">The column by which an owner's rows are in order.</param>
internal sealed record DeferredIndex(string Table, string Owner, string Time)
{
    /// <summary>The property, of no row itself, that numbers rows in the order in which they were written: the column <c>place</c>.</summary>
    public const string Place = "Place";

    /// <summary>The table that says up to which place rows are filed.</summary>
    public const string Progress = "filed_rows";

    public static DeferredIndex AuditRecords { get; } = new("audit_records", "user_id", "started_at");

    public static DeferredIndex LedgerEntries { get; } = new("ledger_entries", "account_id", "created_at");

    public static DeferredIndex UsageRecords { get; } = new("usage_records", "user_id", "created_at");

    public static IReadOnlyList<DeferredIndex> All { get; } = [AuditRecords, LedgerEntries, UsageRecords];

    /// <summary>The table of what is filed: the owner, the time, the place.</summary>
    public string Name => $"{Table}_by_owner";

    /// <summary>The place up to which rows are filed, as an expression of SQL.</summary>
    public string Filed => $"(SELECT place FROM {Progress} WHERE name = '{Table}')";

    /// <summary>The rows of one owner, which are in the order of their time without being sorted.</summary>
    public IQueryable<T> RowsOf<T>(DbContext db, Guid owner)
        where T : class => Rows<T>(db, "= {0}", owner);

    /// <summary>The rows of some owners.</summary>
    public IQueryable<T> RowsOf<T>(DbContext db, IReadOnlyCollection<Guid> owners)
        where T : class => owners.Count == 1
            ? RowsOf<T>(db, owners.Single())
            : Rows<T>(db, "IN (SELECT value FROM json_each({0}))", JsonSerializer.Serialize(owners.Select(Text)));

    /// <summary>The rows whose owners are the accounts of a user.</summary>
    public IQueryable<T> RowsOfAccountsOf<T>(DbContext db, Guid userId)
        where T : class => Rows<T>(db, "IN (SELECT id FROM ledger_accounts WHERE owner_kind = {0} AND owner_id = {1})", (int)OwnerKind.User, userId);

    /// <summary>The rows of the owners from one to another, both included, in the order of their ids.</summary>
    public IQueryable<T> RowsBetween<T>(DbContext db, Guid first, Guid last)
        where T : class => Rows<T>(db, "BETWEEN {0} AND {1}", first, last);

    // As the model's provider keeps a UUID.
    private static string Text(Guid id) => id.ToString().ToUpperInvariant();

    private IQueryable<T> Rows<T>(DbContext db, string condition, params object[] owners)
        where T : class
    {
        var columns = db.Model.FindEntityType(typeof(T))!.GetProperties().Select(property => property.GetColumnName());
        return db.Set<T>().FromSqlRaw(Selection([.. columns], condition), owners);
    }

    // Without its words "not indexed", SQLite would go through all rows of an index by time, rather than sort the few that wait.
    private string Selection(List<string> columns, string condition) =>
        $"""
        SELECT {string.Join(", ", columns.Select(column => $"{(column == Time ? "filed" : "one")}.{column}"))}
        FROM {Name} AS filed JOIN {Table} AS one ON one.place = filed.place WHERE filed.{Owner} {condition} AND filed.place <= {Filed}
        UNION ALL
        SELECT {string.Join(", ", columns)} FROM {Table} NOT INDEXED WHERE place > {Filed} AND {Owner} {condition}
        """;
}
