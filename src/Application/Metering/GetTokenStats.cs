using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Shared;
using AiPlatform.Application.Shared.Pipeline;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Metering;

/// <summary>Sums up what took the caller's own tokens in the last days.</summary>
[RequireCredential(CredentialKind.Any)]
[LimitRate(RateClass.Tokens)]
public sealed record GetTokenStatsQuery : IRequest<TokenStats>
{
    /// <summary>Most days.</summary>
    public const int MaxDays = 365;

    /// <summary>Days where nothing is said.</summary>
    public const int DefaultDays = 30;

    /// <summary>Most models that are told apart: those that took most.</summary>
    public const int MaxModels = 1000;

    /// <summary>How many days.</summary>
    public Supplied<int> Days { get; init; }
}

/// <summary>What took tokens in some days.</summary>
/// <param name="Days">How many days.</param>
/// <param name="Tokens">Tokens altogether.</param>
/// <param name="Requests">Calls altogether.</param>
/// <param name="Models">What each model took, most first; at most <see cref="GetTokenStatsQuery.MaxModels"/>.</param>
/// <param name="Remaining">Tokens that can still be consumed this month.</param>
public sealed record TokenStats(int Days, long Tokens, long Requests, IReadOnlyList<ModelTokens> Models, long Remaining);

/// <summary>What a model took.</summary>
/// <param name="Model">The model.</param>
/// <param name="Tokens">Tokens.</param>
/// <param name="Requests">Calls.</param>
public sealed record ModelTokens(string Model, long Tokens, long Requests);

internal sealed class GetTokenStatsValidator : FieldRules<GetTokenStatsQuery>
{
    public GetTokenStatsValidator() => RequireWhole("days", query => query.Days, 1, GetTokenStatsQuery.MaxDays, optional: true);
}

internal sealed class GetTokenStatsHandler(IMeteringDb db, CallRecord record, TokenAccounts tokens, IPlatformClock clock)
    : IRequestHandler<GetTokenStatsQuery, TokenStats>
{
    public async Task<TokenStats> Handle(GetTokenStatsQuery query, CancellationToken cancellationToken)
    {
        var caller = record.RequiredCaller;
        var days = query.Days.Or(GetTokenStatsQuery.DefaultDays);
        var since = clock.Now.AddDays(-days);
        var rows = db.UsageOf([caller.UserId]).Where(usage => usage.CreatedAt >= since && usage.OwnTokens > 0);
        var models = await rows
            .GroupBy(usage => usage.Model)
            .Select(group => new { Model = group.Key, Tokens = group.Sum(usage => usage.OwnTokens), Requests = group.LongCount() })
            .OrderByDescending(model => model.Tokens).ThenBy(model => model.Model)
            .Take(GetTokenStatsQuery.MaxModels)
            .ToListAsync(cancellationToken);
        var total = await rows
            .GroupBy(usage => usage.UserId)
            .Select(all => new { Tokens = all.Sum(usage => usage.OwnTokens), Requests = all.LongCount() })
            .FirstOrDefaultAsync(cancellationToken);
        var standing = await tokens.StandingAsync(caller, cancellationToken);
        return new TokenStats(
            days,
            total?.Tokens ?? 0,
            total?.Requests ?? 0,
            models.ConvertAll(model => new ModelTokens(model.Model, model.Tokens, model.Requests)),
            standing.Remaining);
    }
}
