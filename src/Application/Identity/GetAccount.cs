using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Shows an account: one's own, one of one's team as its administrator, any as the platform's.</summary>
/// <param name="UserId">The account's number.</param>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.General)]
[Refuses(typeof(AccountErrors), nameof(AccountErrors.NotFound))]
public sealed record GetAccountQuery(Supplied<int> UserId) : IRequest<AccountView>;

internal sealed class GetAccountValidator : AccountRules<GetAccountQuery>
{
    public GetAccountValidator() => RequireId("user_id", query => query.UserId);
}

internal sealed class GetAccountHandler(IIdentityDb db, CallRecord record) : IRequestHandler<GetAccountQuery, AccountView>
{
    public async Task<AccountView> Handle(GetAccountQuery query, CancellationToken cancellationToken) => await db.ViewAsync(
        (await db.GetAccountAsync(record.RequiredCaller, query.UserId.Value, cancellationToken)).Id, cancellationToken);
}
