using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Operations;
using AiPlatform.Domain.Shared;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Operations;

/// <summary>Shows the reports of the last days, newest first.</summary>
/// <param name="Days">How many days, 1 to 365; 7 by default.</param>
[RequireCredential(CredentialKind.Any)]
[RequireTier(Tiers.Administrator, "view usage")]
[Rewords("tier_required", ErrorKind.Forbidden, "Admin access required")]
[RestrictAddresses]
[LimitRate(RateClass.Conversations)]
public sealed record GetUsageReportsQuery(Supplied<int> Days) : IRequest<IReadOnlyList<UsageReport>>
{
    /// <summary>Most days.</summary>
    public const int MaxDays = 365;
}

internal sealed class GetUsageReportsValidator : FieldRules<GetUsageReportsQuery>
{
    public GetUsageReportsValidator() => RequireWhole("days", query => query.Days, 1, GetUsageReportsQuery.MaxDays, optional: true);
}

internal sealed class GetUsageReportsHandler(IOperationsDb db) : IRequestHandler<GetUsageReportsQuery, IReadOnlyList<UsageReport>>
{
    public async Task<IReadOnlyList<UsageReport>> Handle(GetUsageReportsQuery query, CancellationToken cancellationToken) =>
        await db.UsageReports.OrderByDescending(report => report.Day).Take(query.Days.Or(7)).ToListAsync(cancellationToken);
}
