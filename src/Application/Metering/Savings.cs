using AiPlatform.Application.Shared;
using AiPlatform.Domain.Metering;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Metering;

/// <summary>Which savings.</summary>
public abstract record SavingsFields
{
    /// <summary>Most lines of one page.</summary>
    public const int MaxPerPage = 100;

    /// <summary>Highest page; who wants to read on narrows the days instead.</summary>
    public const int MaxPage = 100_000;

    /// <summary>Only savings of this API key.</summary>
    public Supplied<Guid> ApiKeyId { get; init; }

    /// <summary>Only savings of this day (UTC) or later.</summary>
    public Supplied<DateOnly> From { get; init; }

    /// <summary>Only savings of this day (UTC) or earlier.</summary>
    public Supplied<DateOnly> To { get; init; }

    /// <summary>Which page, from 1; 1 by default.</summary>
    public Supplied<int> Page { get; init; }

    /// <summary>Lines of a page, 1 to <see cref="MaxPerPage"/>; 20 by default.</summary>
    public Supplied<int> PerPage { get; init; }
}

/// <summary>What was saved in some calls.</summary>
/// <param name="Hits">How many calls were given an earlier answer.</param>
/// <param name="Money">What those answers had cost wallets or budgets, in nano-USD.</param>
/// <param name="Credits">What they had cost in thousandths of a credit.</param>
public sealed record SavedTotal(int Hits, long Money, long Credits);

/// <summary>What was saved on a day with a key and a model.</summary>
/// <param name="Day">The day, UTC.</param>
/// <param name="UserId">Whose key it is.</param>
/// <param name="ApiKeyId">The key.</param>
/// <param name="Model">Public name of the model.</param>
/// <param name="Total">What was saved.</param>
public sealed record SavingsLine(DateOnly Day, Guid UserId, Guid ApiKeyId, string Model, SavedTotal Total);

/// <summary>A page of savings.</summary>
/// <param name="Lines">The lines, the latest day first.</param>
/// <param name="Total">What all that match come to, on whichever page they are.</param>
/// <param name="Page">Which page this is, from 1.</param>
/// <param name="PerPage">Most lines of a page.</param>
/// <param name="HasMore">Whether more match.</param>
public sealed record SavingsPage(IReadOnlyList<SavingsLine> Lines, SavedTotal Total, int Page, int PerPage, bool HasMore);

/// <summary>The rules of which savings are asked for.</summary>
internal abstract class SavingsFieldRules<T> : OrderedValidator<T>
    where T : SavingsFields
{
    protected SavingsFieldRules()
    {
        Require(query => !query.ApiKeyId.IsMistyped, RequestErrors.Invalid("api_key_id must be a UUID"));
        Require(query => !query.From.IsMistyped, RequestErrors.Invalid("from must be a day such as 2025-03-05"));
        Require(query => !query.To.IsMistyped, RequestErrors.Invalid("to must be a day such as 2025-03-05"));
        RequirePage(query => query.Page, SavingsFields.MaxPage, query => query.PerPage, SavingsFields.MaxPerPage);
    }
}

internal static class SavingsPages
{
    /// <summary>Totals some calls, as far as a query asks for them.</summary>
    public static async Task<SavingsPage> PageOfAsync(this SavingsFields query, IQueryable<SavedCall> calls, CancellationToken cancellationToken)
    {
        var matching = Matching(query, calls);
        var total = await matching.GroupBy(_ => 1)
            .Select(all => new { Hits = all.Count(), Money = all.Sum(call => call.Money), Credits = all.Sum(call => call.Credits) })
            .SingleOrDefaultAsync(cancellationToken);

        // One more than the page tells whether there are more.
        var (page, size) = (query.Page.Or(1), query.PerPage.Or(20));
        var rows = await matching.GroupBy(call => new { call.Day, call.UserId, call.ApiKeyId, call.Model })
            .OrderByDescending(line => line.Key.Day).ThenBy(line => line.Key.ApiKeyId).ThenBy(line => line.Key.Model)
            .Skip((page - 1) * size)
            .Take(size + 1)
            .Select(line => new { line.Key, Hits = line.Count(), Money = line.Sum(call => call.Money), Credits = line.Sum(call => call.Credits) })
            .ToListAsync(cancellationToken);
        var lines = rows.ConvertAll(row => new SavingsLine(
            row.Key.Day, row.Key.UserId, row.Key.ApiKeyId, row.Key.Model, new SavedTotal(row.Hits, row.Money, row.Credits)));
        return new SavingsPage(
            lines[..Math.Min(lines.Count, size)], new SavedTotal(total?.Hits ?? 0, total?.Money ?? 0, total?.Credits ?? 0), page, size, lines.Count > size);
    }

    private static IQueryable<SavedCall> Matching(SavingsFields query, IQueryable<SavedCall> calls)
    {
        if (query.ApiKeyId.IsGiven)
        {
            calls = calls.Where(call => call.ApiKeyId == query.ApiKeyId.Value);
        }

        if (query.From.IsGiven)
        {
            calls = calls.Where(call => call.Day >= query.From.Value);
        }

        return query.To.IsGiven ? calls.Where(call => call.Day <= query.To.Value) : calls;
    }
}
