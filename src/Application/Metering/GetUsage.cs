using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Identity;
using MediatR;

namespace AiPlatform.Application.Metering;

/// <summary>Sums the usage of models of everybody, of one person, or of a team as it is now.</summary>
[RequireCredential(CredentialKind.ApiKey)]
[RequireTier(Tiers.Administrator, "view usage")]
[Refuses(typeof(UsageErrors), nameof(UsageErrors.TooManyRows))]
[OmitBodiesFromAudit]
public sealed record GetUsageQuery : UsageQuestion, IRequest<UsageSummary>
{
    /// <summary>Only calls of this user.</summary>
    public Supplied<Guid> UserId { get; init; }

    /// <summary>Only calls of those who belong to this team now.</summary>
    public Supplied<Guid> TeamId { get; init; }
}

internal sealed class GetUsageValidator : UsageRules<GetUsageQuery>
{
    public GetUsageValidator()
    {
        Require(query => !query.UserId.IsMistyped, RequestErrors.Invalid("user_id must be a UUID"));
        Require(query => !query.TeamId.IsMistyped, RequestErrors.Invalid("team_id must be a UUID"));
        Require(query => query.UserId.IsLeftOut || query.TeamId.IsLeftOut, RequestErrors.Invalid("Either user_id or team_id must be given, not both"));
    }
}

internal sealed class GetUsageHandler(UsageStatistics statistics, IOwnerDirectory owners) : IRequestHandler<GetUsageQuery, UsageSummary>
{
    public async Task<UsageSummary> Handle(GetUsageQuery query, CancellationToken cancellationToken)
    {
        IReadOnlyCollection<Guid>? users = query switch
        {
            { UserId.IsGiven: true } => [query.UserId.Value],
            { TeamId.IsGiven: true } => await owners.MembersOfAsync(query.TeamId.Value, cancellationToken),
            _ => null,
        };
        return await statistics.SumAsync(query, users, cancellationToken);
    }
}
