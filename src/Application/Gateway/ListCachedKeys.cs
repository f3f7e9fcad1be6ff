using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Gateway;

/// <summary>Lists the API keys for which the cache of answers is on, oldest first.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "view caching")]
public sealed record ListCachedKeysQuery : IRequest<CachedKeyPage>
{
    /// <summary>Most keys of one page.</summary>
    public const int MaxPerPage = 100;

    /// <summary>Highest page.</summary>
    public const int MaxPage = 100_000;

    /// <summary>Which page, from 1; 1 by default.</summary>
    public Supplied<int> Page { get; init; }

    /// <summary>Keys of a page, 1 to <see cref="MaxPerPage"/>; 20 by default.</summary>
    public Supplied<int> PerPage { get; init; }
}

/// <summary>A page of keys.</summary>
/// <param name="Keys">The keys, oldest rule first.</param>
/// <param name="Page">Which page this is, from 1.</param>
/// <param name="PerPage">Most keys of a page.</param>
/// <param name="HasMore">Whether there are later ones.</param>
public sealed record CachedKeyPage(IReadOnlyList<CachedKey> Keys, int Page, int PerPage, bool HasMore);

internal sealed class ListCachedKeysValidator : OrderedValidator<ListCachedKeysQuery>
{
    public ListCachedKeysValidator()
    {
        RequirePage(query => query.Page, ListCachedKeysQuery.MaxPage, query => query.PerPage, ListCachedKeysQuery.MaxPerPage);
    }
}

internal sealed class ListCachedKeysHandler(IGatewayDb db) : IRequestHandler<ListCachedKeysQuery, CachedKeyPage>
{
    public async Task<CachedKeyPage> Handle(ListCachedKeysQuery query, CancellationToken cancellationToken)
    {
        // One more than the page tells whether there are more.
        var (page, size) = (query.Page.Or(1), query.PerPage.Or(20));
        var found = await db.AnswerCacheRules.AsNoTracking()
            .OrderBy(rule => rule.CreatedAt).ThenBy(rule => rule.ApiKeyId)
            .Skip((page - 1) * size)
            .Take(size + 1)
            .Select(rule => new CachedKey(rule.ApiKeyId, rule.LifetimeSeconds, rule.ActorId, rule.ModifiedAt))
            .ToListAsync(cancellationToken);
        return new CachedKeyPage(found[..Math.Min(found.Count, size)], page, size, found.Count > size);
    }
}
