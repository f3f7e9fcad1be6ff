using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Commerce;
using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Commerce;

/// <summary>Lists what was paid into wallets by card, the latest first.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "view top-ups")]
public sealed record ListTopUpsQuery : IRequest<TopUpPage>
{
    /// <summary>Most top-ups of one page.</summary>
    public const int MaxPerPage = 100;

    /// <summary>Highest page.</summary>
    public const int MaxPage = 100_000;

    /// <summary>Which ones; all by default.</summary>
    public Supplied<TopUpKind> Kind { get; init; }

    /// <summary>Only those of this user.</summary>
    public Supplied<Guid> UserId { get; init; }

    /// <summary>Which page, from 1; 1 by default.</summary>
    public Supplied<int> Page { get; init; }

    /// <summary>Top-ups of a page, 1 to <see cref="MaxPerPage"/>; 20 by default.</summary>
    public Supplied<int> PerPage { get; init; }
}

/// <summary>Which top-ups.</summary>
public enum TopUpKind
{
    /// <summary>Those whose outcome is not known yet.</summary>
    Open,

    /// <summary>Those that wallets have.</summary>
    Credited,

    /// <summary>Those whose card was not charged.</summary>
    Failed,

    /// <summary>Those of which something was given back, or that the holder of the card disputes.</summary>
    Returned,
}

/// <summary>A page of top-ups.</summary>
/// <param name="TopUps">The top-ups.</param>
/// <param name="Page">Which page this is, from 1.</param>
/// <param name="PerPage">Most top-ups of a page.</param>
/// <param name="HasMore">Whether more match.</param>
public sealed record TopUpPage(IReadOnlyList<TopUp> TopUps, int Page, int PerPage, bool HasMore);

internal sealed class ListTopUpsValidator : OrderedValidator<ListTopUpsQuery>
{
    public ListTopUpsValidator()
    {
        Require(query => !query.Kind.IsMistyped, RequestErrors.Invalid("kind must be open, credited, failed or returned"));
        Require(query => !query.UserId.IsMistyped, RequestErrors.Invalid("user_id must be a UUID"));
        RequirePage(query => query.Page, ListTopUpsQuery.MaxPage, query => query.PerPage, ListTopUpsQuery.MaxPerPage);
    }
}

internal sealed class ListTopUpsHandler(ICommerceDb db) : IRequestHandler<ListTopUpsQuery, TopUpPage>
{
    public async Task<TopUpPage> Handle(ListTopUpsQuery query, CancellationToken cancellationToken)
    {
        var (page, size) = (query.Page.Or(1), query.PerPage.Or(20));
        var rows = db.TopUps.AsNoTracking();
        if (query.Kind.IsGiven)
        {
            rows = Of(query.Kind.Value, rows);
        }

        if (query.UserId.IsGiven)
        {
            rows = rows.Where(row => row.UserId == query.UserId.Value);
        }

        // One more than the page tells whether there are more.
        var found = await rows
            .OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id)
            .Skip((page - 1) * size)
            .Take(size + 1)
            .ToListAsync(cancellationToken);
        return new TopUpPage([.. found.Take(size)], page, size, found.Count > size);
    }

    private static IQueryable<TopUp> Of(TopUpKind kind, IQueryable<TopUp> rows) => kind switch
    {
        TopUpKind.Open => rows.Where(row => row.SettledAt == null),
        TopUpKind.Credited => rows.Where(row => row.State == TopUpState.Credited),
        TopUpKind.Failed => rows.Where(row => row.State == TopUpState.Failed),
        _ => rows.Where(row => row.Refunded > 0 || row.IsDisputed),
    };
}
