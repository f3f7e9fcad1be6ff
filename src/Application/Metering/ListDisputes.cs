using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using MediatR;

namespace AiPlatform.Application.Metering;

/// <summary>Lists holds whose outcome is unknown, the longest waiting first.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "view disputes")]
public sealed record ListDisputesQuery : IRequest<DisputePage>
{
    /// <summary>Most holds of one page.</summary>
    public const int MaxPerPage = 100;

    /// <summary>Highest page.</summary>
    public const int MaxPage = 100_000;

    /// <summary>Which ones: those that wait for an administrator, or those that the next sweep decides on; the former by default.</summary>
    public Supplied<PendingHolds> State { get; init; }

    /// <summary>Only holds of calls of this user.</summary>
    public Supplied<Guid> UserId { get; init; }

    /// <summary>Which page, from 1; 1 by default.</summary>
    public Supplied<int> Page { get; init; }

    /// <summary>Holds of a page, 1 to <see cref="MaxPerPage"/>; 20 by default.</summary>
    public Supplied<int> PerPage { get; init; }

    internal int PageNumber => Page.Or(1);

    internal int PageSize => PerPage.Or(20);
}

/// <summary>Why holds are neither captured nor released.</summary>
public enum PendingHolds
{
    /// <summary>An administrator has to decide.</summary>
    Disputed,

    /// <summary>They expired; the next sweep decides on them.</summary>
    Unresolved,
}

/// <summary>A page of holds.</summary>
/// <param name="Holds">The holds with their evidence.</param>
/// <param name="Page">Which page this is, from 1.</param>
/// <param name="PerPage">Most holds of a page.</param>
/// <param name="HasMore">Whether more match.</param>
public sealed record DisputePage(IReadOnlyList<HoldEvidence> Holds, int Page, int PerPage, bool HasMore);

internal sealed class ListDisputesValidator : OrderedValidator<ListDisputesQuery>
{
    public ListDisputesValidator()
    {
        Require(query => !query.State.IsMistyped, RequestErrors.Invalid("state must be disputed or unresolved"));
        Require(query => !query.UserId.IsMistyped, RequestErrors.Invalid("user_id must be a UUID"));
        RequirePage(query => query.Page, ListDisputesQuery.MaxPage, query => query.PerPage, ListDisputesQuery.MaxPerPage);
    }
}

internal sealed class ListDisputesHandler(IMeteringDb db, IPlatformClock clock) : IRequestHandler<ListDisputesQuery, DisputePage>
{
    public async Task<DisputePage> Handle(ListDisputesQuery query, CancellationToken cancellationToken)
    {
        var pending = query.State.Or(PendingHolds.Disputed) is PendingHolds.Disputed ? db.Holds.Disputed() : db.Holds.Unresolved(clock.Now);
        if (query.UserId.IsGiven)
        {
            pending = pending.Where(hold => hold.UserId == query.UserId.Value);
        }

        var holds = await db.ReadEvidenceAsync(
            pending, (query.PageNumber - 1) * query.PageSize, query.PageSize + 1, cancellationToken);
        return new DisputePage(
            holds[..Math.Min(holds.Count, query.PageSize)], query.PageNumber, query.PageSize, holds.Count > query.PageSize);
    }
}
