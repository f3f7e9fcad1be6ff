using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Metering;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Metering;

/// <summary>Lists limits, oldest first.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "view limits")]
public sealed record ListLimitsQuery : IRequest<LimitPage>
{
    /// <summary>Most limits of one page.</summary>
    public const int MaxPerPage = 100;

    /// <summary>Highest page.</summary>
    public const int MaxPage = 100_000;

    /// <summary>Only limits of this kind of owner.</summary>
    public Supplied<string> OwnerKind { get; init; }

    /// <summary>Only limits of this owner.</summary>
    public Supplied<Guid> OwnerId { get; init; }

    /// <summary>Only limits on this meter.</summary>
    public Supplied<string> Meter { get; init; }

    /// <summary>Which page, from 1; 1 by default.</summary>
    public Supplied<int> Page { get; init; }

    /// <summary>Limits of a page, 1 to <see cref="MaxPerPage"/>; 20 by default.</summary>
    public Supplied<int> PerPage { get; init; }
}

/// <summary>A limit.</summary>
/// <param name="Owner">Whose it is.</param>
/// <param name="Meter">What it limits.</param>
/// <param name="Amount">How much it allows a period.</param>
/// <param name="ActorId">The administrator who set it.</param>
/// <param name="ModifiedAt">When it last changed, UTC.</param>
public sealed record LimitSummary(LedgerOwner Owner, Meter Meter, long Amount, Guid ActorId, DateTimeOffset ModifiedAt);

/// <summary>A page of limits.</summary>
/// <param name="Limits">The limits, oldest first.</param>
/// <param name="Page">Which page this is, from 1.</param>
/// <param name="PerPage">Most limits of a page.</param>
/// <param name="HasMore">Whether later limits match.</param>
public sealed record LimitPage(IReadOnlyList<LimitSummary> Limits, int Page, int PerPage, bool HasMore);

internal sealed class ListLimitsValidator : OrderedValidator<ListLimitsQuery>
{
    public ListLimitsValidator()
    {
        Require(
            query => query.OwnerKind.IsAbsentOr(_ => LedgerNames.OwnerKindOf(query.OwnerKind) is not null),
            RequestErrors.Invalid($"owner_kind must be one of: {LedgerNames.All<OwnerKind>()}"));
        Require(query => !query.OwnerId.IsMistyped, RequestErrors.Invalid("owner_id must be a UUID"));
        Require(
            query => query.Meter.IsAbsentOr(_ => LedgerNames.MeterOf(query.Meter) is not null),
            RequestErrors.Invalid($"meter must be one of: {LedgerNames.Of(SpendingLimit.Meters)}"));
        RequirePage(query => query.Page, ListLimitsQuery.MaxPage, query => query.PerPage, ListLimitsQuery.MaxPerPage);
    }
}

internal sealed class ListLimitsHandler(IMeteringDb db) : IRequestHandler<ListLimitsQuery, LimitPage>
{
    public async Task<LimitPage> Handle(ListLimitsQuery query, CancellationToken cancellationToken)
    {
        var (page, size) = (query.Page.Or(1), query.PerPage.Or(20));
        IQueryable<SpendingLimit> limits = db.SpendingLimits.AsNoTracking();
        if (LedgerNames.OwnerKindOf(query.OwnerKind) is { } kind)
        {
            limits = limits.Where(limit => limit.OwnerKind == kind);
        }

        if (query.OwnerId.IsGiven)
        {
            limits = limits.Where(limit => limit.OwnerId == query.OwnerId.Value);
        }

        if (LedgerNames.MeterOf(query.Meter) is { } meter)
        {
            limits = limits.Where(limit => limit.Meter == meter);
        }

        // One more than the page tells whether there are more.
        var found = await limits.OrderBy(limit => limit.CreatedAt).ThenBy(limit => limit.Id)
            .Skip((page - 1) * size)
            .Take(size + 1)
            .Select(limit => new LimitSummary(
                new LedgerOwner(limit.OwnerKind, limit.OwnerId), limit.Meter, limit.Amount, limit.ActorId, limit.ModifiedAt))
            .ToListAsync(cancellationToken);
        return new LimitPage(found[..Math.Min(found.Count, size)], page, size, found.Count > size);
    }
}
