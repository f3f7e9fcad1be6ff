using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Lists the caller's own keys, oldest first.</summary>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.General)]
public sealed record ListLiveKeysQuery : IRequest<IReadOnlyList<LiveKeyView>>;

internal sealed class ListLiveKeysHandler(IIdentityDb db, OwnCall own) : IRequestHandler<ListLiveKeysQuery, IReadOnlyList<LiveKeyView>>
{
    public async Task<IReadOnlyList<LiveKeyView>> Handle(ListLiveKeysQuery query, CancellationToken cancellationToken)
    {
        var keys = await db.LiveKeysOf(own.Caller.UserId).AsNoTracking()
            .OrderBy(key => key.CreatedAt).ThenBy(key => key.Id)
            .Take(LiveKeyErrors.Most)
            .ToListAsync(cancellationToken);
        return keys.ConvertAll(key => LiveKeyView.Of(key, own.Now));
    }
}
