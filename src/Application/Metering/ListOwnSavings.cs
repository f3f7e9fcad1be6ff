using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using MediatR;

namespace AiPlatform.Application.Metering;

/// <summary>Totals what the cache of answers saved the caller's own account.</summary>
[RequireCredential(CredentialKind.Any)]
public sealed record ListOwnSavingsQuery : SavingsFields, IRequest<SavingsPage>;

internal sealed class ListOwnSavingsValidator : SavingsFieldRules<ListOwnSavingsQuery>;

internal sealed class ListOwnSavingsHandler(IMeteringDb db, CallRecord record) : IRequestHandler<ListOwnSavingsQuery, SavingsPage>
{
    public Task<SavingsPage> Handle(ListOwnSavingsQuery query, CancellationToken cancellationToken)
    {
        var userId = record.RequiredCaller.UserId;
        return query.PageOfAsync(db.SavedCalls.Where(call => call.UserId == userId), cancellationToken);
    }
}
