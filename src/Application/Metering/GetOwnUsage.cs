using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using MediatR;

namespace AiPlatform.Application.Metering;

/// <summary>Sums the caller's own usage of models.</summary>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.General)]
[Refuses(typeof(UsageErrors), nameof(UsageErrors.TooManyRows))]
[OmitBodiesFromAudit]
public sealed record GetOwnUsageQuery : UsageQuestion, IRequest<UsageSummary>;

internal sealed class GetOwnUsageValidator : UsageRules<GetOwnUsageQuery>;

internal sealed class GetOwnUsageHandler(UsageStatistics statistics, CallRecord record) : IRequestHandler<GetOwnUsageQuery, UsageSummary>
{
    public Task<UsageSummary> Handle(GetOwnUsageQuery query, CancellationToken cancellationToken) =>
        statistics.SumAsync(query, [record.RequiredCaller.UserId], cancellationToken);
}
