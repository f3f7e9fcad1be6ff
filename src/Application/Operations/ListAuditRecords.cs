using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Operations;
using AutoMapper;
using AutoMapper.QueryableExtensions;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Operations;

/// <summary>Lists the audit trail, newest first. Reading it must not copy it into itself, so its own records keep no bodies.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "view the audit trail")]
[OmitBodiesFromAudit]
public sealed record ListAuditRecordsQuery : IRequest<AuditTrailPage>
{
    /// <summary>Most records of one page.</summary>
    public const int MaxPerPage = 100;

    /// <summary>Highest page; who wants to read on narrows the time instead.</summary>
    public const int MaxPage = 100_000;

    /// <summary>Only calls of this user.</summary>
    public Supplied<Guid> UserId { get; init; }

    /// <summary>Only calls of exactly this path.</summary>
    public Supplied<string> Path { get; init; }

    /// <summary>Only calls that this route answered.</summary>
    public Supplied<string> RouteKey { get; init; }

    /// <summary>Only calls answered with this HTTP status, 100 to 599.</summary>
    public Supplied<int> Status { get; init; }

    /// <summary>Only calls that arrived at this instant or later.</summary>
    public Supplied<DateTimeOffset> From { get; init; }

    /// <summary>Only calls that arrived before this instant.</summary>
    public Supplied<DateTimeOffset> To { get; init; }

    /// <summary>Which page, from 1; 1 by default.</summary>
    public Supplied<int> Page { get; init; }

    /// <summary>Records of a page, 1 to <see cref="MaxPerPage"/>; 20 by default.</summary>
    public Supplied<int> PerPage { get; init; }

    internal int PageNumber => Page.Or(1);

    internal int PageSize => PerPage.Or(20);
}

/// <summary>A page of the audit trail.</summary>
/// <param name="Records">The records, newest first.</param>
/// <param name="Page">Which page this is, from 1.</param>
/// <param name="PerPage">Most records of a page.</param>
/// <param name="HasMore">Whether older records match.</param>
public sealed record AuditTrailPage(IReadOnlyList<AuditTrailEntry> Records, int Page, int PerPage, bool HasMore);

internal sealed class ListAuditRecordsValidator : OrderedValidator<ListAuditRecordsQuery>
{
    public ListAuditRecordsValidator()
    {
        Require(query => !query.UserId.IsMistyped, RequestErrors.Invalid("user_id must be a UUID"));
        RequireText("path", query => query.Path, AuditRecord.MaxPathLength);
        RequireText("route_key", query => query.RouteKey, AuditRecord.MaxRouteKeyLength);
        Require(
            query => query.Status.IsAbsentOr(status => status is >= 100 and <= 599),
            RequestErrors.Invalid("status must be a number from 100 to 599"));
        Require(query => !query.From.IsMistyped, RequestErrors.Invalid("from must be a time such as 2025-03-05T12:00:00Z"));
        Require(query => !query.To.IsMistyped, RequestErrors.Invalid("to must be a time such as 2025-03-05T12:00:00Z"));
        RequirePage(query => query.Page, ListAuditRecordsQuery.MaxPage, query => query.PerPage, ListAuditRecordsQuery.MaxPerPage);
    }
}

internal sealed class ListAuditRecordsHandler(IOperationsDb db, IConfigurationProvider maps) : IRequestHandler<ListAuditRecordsQuery, AuditTrailPage>
{
    public async Task<AuditTrailPage> Handle(ListAuditRecordsQuery query, CancellationToken cancellationToken)
    {
        // One more than the page tells whether there are more; counting all of them would read the whole trail.
        var records = await Matching(query)
            .OrderByDescending(record => record.StartedAt)
            .ThenByDescending(record => record.Id)
            .Skip((query.PageNumber - 1) * query.PageSize)
            .Take(query.PageSize + 1)
            .ProjectTo<AuditTrailEntry>(maps)
            .ToListAsync(cancellationToken);
        return new AuditTrailPage(
            records[..Math.Min(records.Count, query.PageSize)], query.PageNumber, query.PageSize, records.Count > query.PageSize);
    }

    private IQueryable<AuditRecord> Matching(ListAuditRecordsQuery query)
    {
        var records = query.UserId.IsGiven ? db.AuditRecordsOf(query.UserId.Value) : db.AuditRecords;
        if (query.Path.IsGiven)
        {
            records = records.Where(record => record.Path == query.Path.Value);
        }

        if (query.RouteKey.IsGiven)
        {
            records = records.Where(record => record.RouteKey == query.RouteKey.Value);
        }

        if (query.Status.IsGiven)
        {
            records = records.Where(record => record.Status == query.Status.Value);
        }

        if (query.From.IsGiven)
        {
            records = records.Where(record => record.StartedAt >= query.From.Value);
        }

        if (query.To.IsGiven)
        {
            records = records.Where(record => record.StartedAt < query.To.Value);
        }

        return records;
    }
}
