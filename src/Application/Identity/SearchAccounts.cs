using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Finds accounts whose address contains a text, in either case.</summary>
[RequireCredential(CredentialKind.Any)]
[RequireTier(Tiers.Administrator, "search users")]
[Rewords("tier_required", ErrorKind.Forbidden, "Not authorized to perform this action")]
[LimitRate(RateClass.Administration)]
public sealed record SearchAccountsQuery : IRequest<FoundAccounts>
{
    /// <summary>The text; everybody where it is left out.</summary>
    public Supplied<string> Email { get; init; }

    /// <summary>Which page, from 1; 1 by default.</summary>
    public Supplied<int> Page { get; init; }

    /// <summary>Accounts of a page, 1 to 100; 100 by default.</summary>
    public Supplied<int> PerPage { get; init; }

    /// <summary><c>email</c> (by default), <c>id</c> or <c>created_at</c>.</summary>
    public Supplied<string> SortBy { get; init; }

    /// <summary><c>asc</c> (by default) or <c>desc</c>.</summary>
    public Supplied<string> SortOrder { get; init; }
}

/// <summary>Some of the accounts that were found.</summary>
/// <param name="Accounts">The accounts of the page.</param>
/// <param name="Total">How many there are on all pages together.</param>
public sealed record FoundAccounts(IReadOnlyList<AccountView> Accounts, int Total);

internal sealed class SearchAccountsValidator : AccountRules<SearchAccountsQuery>
{
    public SearchAccountsValidator()
    {
        RequireLine("email", query => query.Email, User.MaxEmailLength, optional: true);
        RequirePage(query => query.Page, query => query.PerPage);
        Require(
            query => query.SortBy.IsAbsentOr(column => column is "email" or "id" or "created_at"),
            RequestErrors.Unprocessable("sort_by", "one of: email, id, created_at"));
        Require(
            query => query.SortOrder.IsAbsentOr(order => order is "asc" or "desc"), RequestErrors.Unprocessable("sort_order", "asc or desc"));
    }
}

internal sealed class SearchAccountsHandler(IIdentityDb db) : IRequestHandler<SearchAccountsQuery, FoundAccounts>
{
    public async Task<FoundAccounts> Handle(SearchAccountsQuery query, CancellationToken cancellationToken)
    {
        var users = db.Users.AsNoTracking().Where(user => user.DeletedAt == null);
        if (query.Email.IsGiven)
        {
            var text = User.NormaliseEmail(query.Email.Value);
            users = users.Where(user => user.Email.Contains(text));
        }

        var page = Sorted(users, query.SortBy.Or("email"), query.SortOrder.Or("asc") is "desc")
            .Page(query.Page, query.PerPage.Or(AccountPage.MaxPerPage));
        return new FoundAccounts(await db.Views(page).ToListAsync(cancellationToken), await users.CountAsync(cancellationToken));
    }

    private static IQueryable<User> Sorted(IQueryable<User> users, string column, bool descending) => (column, descending) switch
    {
        ("id", false) => users.OrderBy(user => user.Numbering!.Number),
        ("id", true) => users.OrderByDescending(user => user.Numbering!.Number),
        ("created_at", false) => users.OrderBy(user => user.CreatedAt).ThenBy(user => user.Id),
        ("created_at", true) => users.OrderByDescending(user => user.CreatedAt).ThenByDescending(user => user.Id),
        (_, false) => users.OrderBy(user => user.Email),
        _ => users.OrderByDescending(user => user.Email),
    };
}
