using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Shared;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Lists people, newest first.</summary>
[RequireCredential(CredentialKind.Any)]
[RequireTier(Tiers.Administrator, "list users")]
[Rewords("tier_required", ErrorKind.Forbidden, "Admin access required")]
[RestrictAddresses]
[LimitRate(RateClass.Conversations)]
public sealed record ListPeopleQuery : IRequest<PeoplePage>, IPagesPeople
{
    /// <summary>Most people of one page.</summary>
    public const int MaxLimit = 1000;

    /// <inheritdoc/>
    public Supplied<int> Limit { get; init; }

    /// <inheritdoc/>
    public Supplied<int> Offset { get; init; }
}

/// <summary>A page of people.</summary>
/// <param name="People">The people of the page.</param>
/// <param name="Total">How many there are on all pages together.</param>
public sealed record PeoplePage(IReadOnlyList<PersonView> People, int Total);

/// <summary>A request for a page of people.</summary>
internal interface IPagesPeople
{
    /// <summary>People of a page, 1 to 1000; 100 by default.</summary>
    Supplied<int> Limit { get; }

    /// <summary>How many people to pass over; 0 by default.</summary>
    Supplied<int> Offset { get; }
}

internal abstract class PeoplePageRules<T> : PersonRules<T>
    where T : IPagesPeople
{
    protected PeoplePageRules()
    {
        RequireWhole("limit", query => query.Limit, 1, ListPeopleQuery.MaxLimit, optional: true);
        RequireWhole("offset", query => query.Offset, 0, optional: true);
    }
}

internal sealed class ListPeopleValidator : PeoplePageRules<ListPeopleQuery>;

internal sealed class ListPeopleHandler(PeoplePages pages) : IRequestHandler<ListPeopleQuery, PeoplePage>
{
    public Task<PeoplePage> Handle(ListPeopleQuery query, CancellationToken cancellationToken) =>
        pages.ReadAsync(query, withNotes: true, cancellationToken);
}

/// <summary>Reads pages of people.</summary>
internal sealed class PeoplePages(IIdentityDb db, PersonViews people)
{
    public async Task<PeoplePage> ReadAsync(IPagesPeople asked, bool withNotes, CancellationToken cancellationToken)
    {
        var known = db.Users.Where(user => user.DeletedAt == null);
        var page = known.OrderByDescending(user => user.CreatedAt).ThenByDescending(user => user.Id)
            .Skip(asked.Offset.Or(0)).Take(asked.Limit.Or(100));
        return new PeoplePage(
            await people.ListAsync(page, withNotes, cancellationToken), await known.CountAsync(cancellationToken));
    }
}
