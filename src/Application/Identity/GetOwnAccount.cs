using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Shows the caller's own account.</summary>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.General)]
public sealed record GetOwnAccountQuery : IRequest<AccountView>;

internal sealed class GetOwnAccountHandler(IIdentityDb db, CallRecord record) : IRequestHandler<GetOwnAccountQuery, AccountView>
{
    public Task<AccountView> Handle(GetOwnAccountQuery query, CancellationToken cancellationToken) =>
        db.ViewAsync(record.RequiredCaller.UserId, cancellationToken);
}
