using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using AiPlatform.Domain.Metering;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Metering;

/// <summary>Lists what took the caller's own tokens, newest first.</summary>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.Tokens)]
public sealed record ListTokenUsageQuery : IRequest<IReadOnlyList<TokenUse>>
{
    /// <summary>Most rows of one answer.</summary>
    public const int MaxLimit = 1000;

    /// <summary>Rows where nothing is said.</summary>
    public const int DefaultLimit = 100;

    /// <summary>Most rows that are passed over.</summary>
    public const int MaxOffset = 1_000_000;

    /// <summary>How many rows.</summary>
    public Supplied<int> Limit { get; init; }

    /// <summary>How many newer rows to pass over.</summary>
    public Supplied<int> Offset { get; init; }
}

/// <summary>What took tokens.</summary>
/// <param name="Id">The call.</param>
/// <param name="Provider">Who served the model.</param>
/// <param name="Model">The model.</param>
/// <param name="Tokens">Tokens that it took.</param>
/// <param name="RequestType">What was asked for.</param>
/// <param name="CreatedAt">When it was charged, UTC.</param>
/// <param name="Metadata">The caller's note, a JSON object.</param>
public sealed record TokenUse(
    Guid Id, string Provider, string Model, long Tokens, string RequestType, DateTimeOffset CreatedAt, string? Metadata)
{
    internal static TokenUse Of(UsageRecord usage) => new(
        usage.RequestId, usage.Provider, usage.Model, usage.OwnTokens, usage.RequestType ?? TypeOf(usage.RouteKey), usage.CreatedAt, usage.Metadata);

    private static string TypeOf(string routeKey) => routeKey switch
    {
        _ when routeKey.EndsWith("embeddings", StringComparison.Ordinal) => "embedding",
        _ when routeKey.EndsWith(".completions", StringComparison.Ordinal)
            && !routeKey.EndsWith("chat.completions", StringComparison.Ordinal) => "completion",
        _ => "chat",
    };
}

internal sealed class ListTokenUsageValidator : FieldRules<ListTokenUsageQuery>
{
    public ListTokenUsageValidator()
    {
        RequireWhole("limit", query => query.Limit, 1, ListTokenUsageQuery.MaxLimit, optional: true);
        RequireWhole("offset", query => query.Offset, 0, ListTokenUsageQuery.MaxOffset, optional: true);
    }
}

internal sealed class ListTokenUsageHandler(IMeteringDb db, CallRecord record)
    : IRequestHandler<ListTokenUsageQuery, IReadOnlyList<TokenUse>>
{
    public async Task<IReadOnlyList<TokenUse>> Handle(ListTokenUsageQuery query, CancellationToken cancellationToken)
    {
        var rows = await db.UsageOf([record.RequiredCaller.UserId])
            .Where(usage => usage.OwnTokens > 0)
            .OrderByDescending(usage => usage.CreatedAt).ThenByDescending(usage => usage.RequestId)
            .Skip(query.Offset.Or(0))
            .Take(query.Limit.Or(ListTokenUsageQuery.DefaultLimit))
            .ToListAsync(cancellationToken);
        return rows.ConvertAll(TokenUse.Of);
    }
}
