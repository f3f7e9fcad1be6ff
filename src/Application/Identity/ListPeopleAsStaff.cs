using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Lists people for the staff, newest first; who is new does not see notes.</summary>
[RequireCredential(CredentialKind.Any)]
[RequireStaff(StaffLevel.New)]
[RestrictAddresses]
[LimitRate(RateClass.Conversations)]
public sealed record ListPeopleAsStaffQuery : IRequest<PeoplePage>, IPagesPeople
{
    /// <inheritdoc/>
    public Supplied<int> Limit { get; init; }

    /// <inheritdoc/>
    public Supplied<int> Offset { get; init; }
}

internal sealed class ListPeopleAsStaffValidator : PeoplePageRules<ListPeopleAsStaffQuery>;

internal sealed class ListPeopleAsStaffHandler(PeoplePages pages, CallRecord record) : IRequestHandler<ListPeopleAsStaffQuery, PeoplePage>
{
    public Task<PeoplePage> Handle(ListPeopleAsStaffQuery query, CancellationToken cancellationToken) =>
        pages.ReadAsync(query, StaffRights.SeesNotes(record.RequiredCaller), cancellationToken);
}
