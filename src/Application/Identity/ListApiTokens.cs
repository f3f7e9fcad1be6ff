using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Lists the caller's own API tokens, oldest first.</summary>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.General)]
public sealed record ListApiTokensQuery : IRequest<IReadOnlyList<ApiTokenView>>;

internal sealed class ListApiTokensHandler(IIdentityDb db, CallRecord record)
    : IRequestHandler<ListApiTokensQuery, IReadOnlyList<ApiTokenView>>
{
    public async Task<IReadOnlyList<ApiTokenView>> Handle(ListApiTokensQuery query, CancellationToken cancellationToken)
    {
        var number = await db.NumberAsync(record.RequiredCaller.UserId, cancellationToken);
        return await db.ApiTokensOf(record.RequiredCaller.UserId)
            .OrderBy(token => token.CreatedAt)
            .Take(ApiTokenErrors.Most)
            .Select(token => new ApiTokenView(token.Id, token.Name, number, token.CreatedAt))
            .ToListAsync(cancellationToken);
    }
}

internal static class ApiTokens
{
    /// <summary>The API tokens in force of an account.</summary>
    public static IQueryable<ApiKey> ApiTokensOf(this IIdentityDb db, Guid userId) =>
        db.ApiKeys.Where(key => key.UserId == userId && key.Kind == ApiKeyKind.Sk && key.RevokedAt == null);

    /// <summary>The number of an account.</summary>
    public static Task<long> NumberAsync(this IIdentityDb db, Guid userId, CancellationToken cancellationToken) =>
        db.Users.Where(user => user.Id == userId).Select(user => user.Numbering!.Number).SingleAsync(cancellationToken);
}
