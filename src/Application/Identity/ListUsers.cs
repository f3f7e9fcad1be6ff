using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AutoMapper;
using AutoMapper.QueryableExtensions;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Lists the accounts that are not deleted, oldest first.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "view users")]
public sealed record ListUsersQuery : IRequest<UserList>
{
    /// <summary>Most accounts of one page.</summary>
    public const int MaxPerPage = 100;

    /// <summary>Highest page, so that no number of accounts overflows.</summary>
    public const int MaxPage = 100_000;

    /// <summary>Which page, from 1; 1 by default.</summary>
    public Supplied<int> Page { get; init; }

    /// <summary>Accounts of a page, 1 to <see cref="MaxPerPage"/>; 20 by default.</summary>
    public Supplied<int> PerPage { get; init; }

    internal int PageNumber => Page.Or(1);

    internal int PageSize => PerPage.Or(20);
}

/// <summary>A page of accounts.</summary>
/// <param name="Users">The accounts of the page.</param>
/// <param name="Count">How many accounts there are on all pages together.</param>
public sealed record UserList(IReadOnlyList<UserSummary> Users, int Count);

/// <summary>An account as administrators see it; it has no secret. A class, because AutoMapper 8 does not map to records.</summary>
public sealed class UserSummary
{
    /// <summary>The account.</summary>
    public Guid Id { get; init; }

    /// <summary>Name as shown.</summary>
    public string UserName { get; init; } = string.Empty;

    /// <summary>Address.</summary>
    public string Email { get; init; } = string.Empty;

    /// <summary>Everyday name.</summary>
    public string? CommonName { get; init; }

    /// <summary>Tier, 0 to 5.</summary>
    public int Tier { get; init; }

    /// <summary>Whether its credentials are accepted.</summary>
    public bool Active { get; init; }

    /// <summary>An administrator's note.</summary>
    public string? Comment { get; init; }

    /// <summary>When it was opened, UTC.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed, UTC.</summary>
    public DateTimeOffset ModifiedAt { get; init; }
}

internal sealed class UserSummaryProfile : Profile
{
    public UserSummaryProfile()
    {
        CreateMap<User, UserSummary>();
    }
}

internal sealed class ListUsersValidator : OrderedValidator<ListUsersQuery>
{
    public ListUsersValidator()
    {
        RequirePage(query => query.Page, ListUsersQuery.MaxPage, query => query.PerPage, ListUsersQuery.MaxPerPage);
    }
}

internal sealed class ListUsersHandler(IIdentityDb db, IConfigurationProvider maps) : IRequestHandler<ListUsersQuery, UserList>
{
    public async Task<UserList> Handle(ListUsersQuery query, CancellationToken cancellationToken)
    {
        var accounts = db.Users.AsNoTracking().Where(user => user.DeletedAt == null);
        var users = await accounts
            .OrderBy(user => user.CreatedAt)
            .ThenBy(user => user.Id)
            .Skip((query.PageNumber - 1) * query.PageSize)
            .Take(query.PageSize)
            .ProjectTo<UserSummary>(maps)
            .ToListAsync(cancellationToken);
        return new UserList(users, await accounts.CountAsync(cancellationToken));
    }
}
