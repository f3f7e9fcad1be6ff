using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using MediatR;

namespace AiPlatform.Application.Metering;

/// <summary>Totals what the cache of answers saved, a line a key, model and day, the latest day first.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "view savings")]
public sealed record ListSavingsQuery : SavingsFields, IRequest<SavingsPage>
{
    /// <summary>Only savings of this user.</summary>
    public Supplied<Guid> UserId { get; init; }
}

internal sealed class ListSavingsValidator : SavingsFieldRules<ListSavingsQuery>
{
    public ListSavingsValidator() => Require(query => !query.UserId.IsMistyped, RequestErrors.Invalid("user_id must be a UUID"));
}

internal sealed class ListSavingsHandler(IMeteringDb db) : IRequestHandler<ListSavingsQuery, SavingsPage>
{
    public Task<SavingsPage> Handle(ListSavingsQuery query, CancellationToken cancellationToken) =>
        query.PageOfAsync(query.UserId.IsGiven ? db.SavedCalls.Where(call => call.UserId == query.UserId.Value) : db.SavedCalls, cancellationToken);
}
