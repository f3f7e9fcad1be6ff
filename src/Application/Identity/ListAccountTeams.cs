using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Lists teams.</summary>
[RequireCredential(CredentialKind.Any)]
[RequireTier(Tiers.Administrator, "list teams")]
[Rewords("tier_required", ErrorKind.Forbidden, "Not authorized to perform this action")]
[LimitRate(RateClass.Administration)]
public sealed record ListAccountTeamsQuery : IRequest<TeamPage>
{
    /// <summary>Which page, from 1; 1 by default.</summary>
    public Supplied<int> Page { get; init; }

    /// <summary>Teams of a page, 1 to 100; 20 by default.</summary>
    public Supplied<int> PerPage { get; init; }

    /// <summary><c>id</c> (by default), <c>name</c> or <c>created_at</c>.</summary>
    public Supplied<string> SortBy { get; init; }

    /// <summary><c>asc</c> (by default) or <c>desc</c>.</summary>
    public Supplied<string> SortOrder { get; init; }

    /// <summary>Only teams whose name or address contains this text, in either case.</summary>
    public Supplied<string> Filter { get; init; }
}

/// <summary>Some of the teams.</summary>
/// <param name="Teams">The teams of the page.</param>
/// <param name="Total">How many there are on all pages together.</param>
public sealed record TeamPage(IReadOnlyList<TeamView> Teams, int Total);

internal sealed class ListAccountTeamsValidator : AccountRules<ListAccountTeamsQuery>
{
    public ListAccountTeamsValidator()
    {
        RequirePage(query => query.Page, query => query.PerPage);
        Require(
            query => query.SortBy.IsAbsentOr(column => column is "id" or "name" or "created_at"),
            RequestErrors.Unprocessable("sort_by", "one of: id, name, created_at"));
        Require(
            query => query.SortOrder.IsAbsentOr(order => order is "asc" or "desc"), RequestErrors.Unprocessable("sort_order", "asc or desc"));
        RequireLine("filter", query => query.Filter, Team.MaxNameLength, optional: true);
    }
}

internal sealed class ListAccountTeamsHandler(IIdentityDb db) : IRequestHandler<ListAccountTeamsQuery, TeamPage>
{
    public async Task<TeamPage> Handle(ListAccountTeamsQuery query, CancellationToken cancellationToken)
    {
        var teams = db.Teams.AsNoTracking().Where(team => team.Active);
        if (query.Filter.IsGiven)
        {
            var (name, email) = (Team.NormaliseName(query.Filter.Value), User.NormaliseEmail(query.Filter.Value));
            teams = teams.Where(team => team.NormalisedName.Contains(name) || team.AdminEmail!.Contains(email));
        }

        var page = Sorted(teams, query.SortBy.Or("id"), query.SortOrder.Or("asc") is "desc").Page(query.Page, query.PerPage);
        return new TeamPage(await page.Views().ToListAsync(cancellationToken), await teams.CountAsync(cancellationToken));
    }

    private static IQueryable<Team> Sorted(IQueryable<Team> teams, string column, bool descending) => (column, descending) switch
    {
        ("name", false) => teams.OrderBy(team => team.NormalisedName),
        ("name", true) => teams.OrderByDescending(team => team.NormalisedName),
        ("created_at", false) => teams.OrderBy(team => team.CreatedAt).ThenBy(team => team.Id),
        ("created_at", true) => teams.OrderByDescending(team => team.CreatedAt).ThenByDescending(team => team.Id),
        (_, false) => teams.OrderBy(team => team.Numbering!.Number),
        _ => teams.OrderByDescending(team => team.Numbering!.Number),
    };
}
