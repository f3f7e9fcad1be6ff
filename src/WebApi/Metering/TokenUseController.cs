using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using AiPlatform.Application.Metering;
using AiPlatform.Domain.Metering;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Metering;

/// <summary>The tokens of the caller's plan (seed 003).</summary>
[ErrorShape(ErrorShape.FastApi)]
[BearerWords]
public sealed class TokenUseController(IMediator mediator) : ControllerBase
{
    private const string Failed = "The request could not be completed";

    /// <summary>Shows how many tokens the caller has left this month.</summary>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The balance.</response>
    [HttpGet("/tokens/balance")]
    [RouteKey("tokens.balance")]
    [Sends<GetTokenBalanceQuery>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<TokenBalanceReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Balance(CancellationToken cancellationToken) =>
        Ok(TokenBalanceReply.Of(await mediator.Send(new GetTokenBalanceQuery(), cancellationToken)));

    /// <summary>Shows what the caller may use, and how often.</summary>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The limits.</response>
    [HttpGet("/tokens/limits")]
    [RouteKey("tokens.limits")]
    [Sends<GetTokenLimitsQuery>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<TokenLimitsReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Limits(CancellationToken cancellationToken) =>
        Ok(TokenLimitsReply.Of(await mediator.Send(new GetTokenLimitsQuery(), cancellationToken)));

    /// <summary>Lists what took the caller's tokens, newest first.</summary>
    /// <param name="page">Which rows.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The rows.</response>
    [HttpGet("/tokens/usage")]
    [RouteKey("tokens.usage")]
    [Sends<ListTokenUsageQuery>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<IReadOnlyList<TokenUseReply>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Usage([FromQuery] TokenUsePage page, CancellationToken cancellationToken) =>
        Ok((await mediator.Send(page.ToQuery(), cancellationToken)).Select(TokenUseReply.Of).ToList());

    /// <summary>Sums up what took the caller's tokens.</summary>
    /// <param name="days">In how many days until now.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The sums, altogether and by model.</response>
    [HttpGet("/tokens/stats")]
    [RouteKey("tokens.stats")]
    [Sends<GetTokenStatsQuery>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<TokenStatsReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Stats(
        [FromQuery(Name = "days")][Range(1, GetTokenStatsQuery.MaxDays)][DefaultValue("30")] string? days, CancellationToken cancellationToken) =>
        Ok(TokenStatsReply.Of(await mediator.Send(new GetTokenStatsQuery { Days = QueryText.Integer(days) }, cancellationToken)));

    /// <summary>Sets tokens aside for a later consumption; what is not consumed within 15 minutes is given back.</summary>
    /// <param name="command">The tokens, where the query does not name them.</param>
    /// <param name="named">The tokens.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">They are set aside.</response>
    [HttpPost("/tokens/reserve")]
    [RouteKey(ReserveTokensCommand.RouteKey)]
    [UnexpectedError(Failed)]
    [ProducesResponseType<TokenReservationReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Reserve(
        [JsonBody] ReserveTokensCommand command, [FromQuery] NamedTokens named, CancellationToken cancellationToken) =>
        Ok(TokenReservationReply.Of(await mediator.Send(named.IsEmpty ? command : named.ToReservation(), cancellationToken)));

    /// <summary>Takes tokens that were consumed elsewhere: of the caller's reservations first, oldest first, then of what is left.</summary>
    /// <param name="command">The tokens, where the query does not name them; else the note of the consumption.</param>
    /// <param name="named">The tokens.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">They are taken.</response>
    [HttpPost("/tokens/consume")]
    [RouteKey(ConsumeTokensCommand.RouteKey)]
    [UnexpectedError(Failed)]
    [ProducesResponseType<TokenConsumptionReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Consume(
        [JsonBody] ConsumeTokensCommand command, [FromQuery] ConsumedTokens named, CancellationToken cancellationToken) =>
        Ok(TokenConsumptionReply.Of(await mediator.Send(named.IsEmpty ? command : named.ToConsumption(), cancellationToken)));
}

/// <summary>Which rows.</summary>
public sealed record TokenUsePage
{
    /// <summary>How many.</summary>
    [FromQuery(Name = "limit")]
    [Range(1, ListTokenUsageQuery.MaxLimit)]
    [DefaultValue("100")]
    public string? Limit { get; init; }

    /// <summary>How many newer ones to pass over.</summary>
    [FromQuery(Name = "offset")]
    [Range(0, ListTokenUsageQuery.MaxOffset)]
    [DefaultValue("0")]
    public string? Offset { get; init; }

    internal ListTokenUsageQuery ToQuery() => new() { Limit = QueryText.Integer(Limit), Offset = QueryText.Integer(Offset) };
}

/// <summary>Tokens, and what they are for; instead of the body's fields, all of them.</summary>
public record NamedTokens
{
    /// <summary>How many tokens.</summary>
    [FromQuery(Name = "amount")]
    [Range(1, int.MaxValue)]
    public string? Amount { get; init; }

    /// <summary>Who serves the model.</summary>
    [FromQuery(Name = "provider")]
    [MaxLength(UsageRecord.MaxNameLength)]
    public string? Provider { get; init; }

    /// <summary>The model.</summary>
    [FromQuery(Name = "model_name")]
    [MaxLength(UsageRecord.MaxNameLength)]
    public string? ModelName { get; init; }

    /// <summary>What is asked for.</summary>
    [FromQuery(Name = "request_type")]
    [MaxLength(UsageRecord.MaxTypeLength)]
    public string? RequestType { get; init; }

    internal virtual bool IsEmpty => Amount is null && Provider is null && ModelName is null && RequestType is null;

    internal ReserveTokensCommand ToReservation() => new()
    {
        Amount = QueryText.Integer(Amount),
        Provider = QueryText.Text(Provider),
        ModelName = QueryText.Text(ModelName),
        RequestType = QueryText.Text(RequestType),
    };
}

/// <summary>Tokens that were consumed; instead of the body's fields, all of them.</summary>
public sealed record ConsumedTokens : NamedTokens
{
    /// <summary>Tokens of the prompt.</summary>
    [FromQuery(Name = "input_tokens")]
    [Range(0, int.MaxValue)]
    public string? InputTokens { get; init; }

    /// <summary>Tokens of the answer.</summary>
    [FromQuery(Name = "output_tokens")]
    [Range(0, int.MaxValue)]
    public string? OutputTokens { get; init; }

    internal override bool IsEmpty => base.IsEmpty && InputTokens is null && OutputTokens is null;

    internal ConsumeTokensCommand ToConsumption()
    {
        var named = ToReservation();
        return new ConsumeTokensCommand
        {
            Amount = named.Amount,
            Provider = named.Provider,
            ModelName = named.ModelName,
            RequestType = named.RequestType,
            InputTokens = QueryText.Integer(InputTokens),
            OutputTokens = QueryText.Integer(OutputTokens),
            IsInQuery = true,
        };
    }
}

/// <summary>How many tokens a person has left this month.</summary>
/// <param name="UserId" example="01890a5d-ac96-774b-bcce-b302099a8057">The person.</param>
/// <param name="TokensRemaining" example="10000">Tokens that can still be reserved or consumed.</param>
/// <param name="TokensUsed" example="0">Tokens consumed.</param>
/// <param name="MonthlyLimit" example="10000">Tokens a month.</param>
/// <param name="SubscriptionPlan" example="free">The plan.</param>
/// <param name="ResetDate">When the tokens of a paid plan start anew, UTC; <c>null</c> on the free plan.</param>
public sealed record TokenBalanceReply(
    string UserId, long TokensRemaining, long TokensUsed, long MonthlyLimit, string SubscriptionPlan, string? ResetDate)
{
    internal static TokenBalanceReply Of(TokenStanding standing) => new(
        standing.UserId.ToString("D"),
        standing.Remaining,
        standing.Used,
        standing.MonthlyLimit,
        standing.Plan,
        standing.ResetAt is { } at ? UtcText.Of(at) : null);
}

/// <summary>What a person may use, and how often.</summary>
/// <param name="MonthlyLimit" example="10000">Tokens a month.</param>
/// <param name="TokensRemaining" example="10000">Tokens that can still be reserved or consumed.</param>
/// <param name="TokensUsed" example="0">Tokens consumed.</param>
/// <param name="SubscriptionPlan" example="free">The plan.</param>
/// <param name="RateLimits">How often these routes may be called.</param>
public sealed record TokenLimitsReply(
    long MonthlyLimit, long TokensRemaining, long TokensUsed, string SubscriptionPlan, TokenRatesReply RateLimits)
{
    internal static TokenLimitsReply Of(TokenLimits limits) => new(
        limits.Standing.MonthlyLimit,
        limits.Standing.Remaining,
        limits.Standing.Used,
        limits.Standing.Plan,
        new TokenRatesReply(limits.Rates.PerMinute, limits.Rates.PerHour, limits.Rates.PerDay));
}

/// <summary>How often the routes of a surface may be called.</summary>
/// <param name="RequestsPerMinute" example="60">Calls a minute.</param>
/// <param name="RequestsPerHour" example="1000">Calls an hour.</param>
/// <param name="RequestsPerDay" example="10000">Calls a day.</param>
public sealed record TokenRatesReply(long RequestsPerMinute, long? RequestsPerHour, long? RequestsPerDay);

/// <summary>What took tokens.</summary>
/// <param name="Id" example="01890a5d-ac96-774b-bcce-b302099a8057">The call.</param>
/// <param name="Provider" example="openrouter">Who served the model.</param>
/// <param name="ModelName" example="gpt-4o-mini">The model.</param>
/// <param name="TokensUsed" example="500">Tokens that it took.</param>
/// <param name="CostUsd">Always <c>null</c>: plans pay by the month.</param>
/// <param name="RequestType" example="chat">What was asked for.</param>
/// <param name="CreatedAt" example="2024-01-01T00:00:00Z">When, UTC.</param>
/// <param name="RequestMetadata">The caller's note.</param>
public sealed record TokenUseReply(
    string Id,
    string Provider,
    string ModelName,
    long TokensUsed,
    decimal? CostUsd,
    string RequestType,
    string CreatedAt,
    JsonElement? RequestMetadata)
{
    internal static TokenUseReply Of(TokenUse use) => new(
        use.Id.ToString("D"),
        use.Provider,
        use.Model,
        use.Tokens,
        null,
        use.RequestType,
        UtcText.Of(use.CreatedAt),
        use.Metadata is { } note ? JsonElement.Parse(note) : null);
}

/// <summary>What took tokens in some days.</summary>
/// <param name="PeriodDays" example="30">How many days.</param>
/// <param name="TotalTokensUsed" example="500">Tokens altogether.</param>
/// <param name="TotalRequests" example="1">Calls altogether.</param>
/// <param name="AverageTokensPerRequest" example="500">Tokens a call.</param>
/// <param name="ModelBreakdown">What each model took.</param>
/// <param name="CurrentRemaining" example="9500">Tokens that can still be consumed this month.</param>
public sealed record TokenStatsReply(
    int PeriodDays,
    long TotalTokensUsed,
    long TotalRequests,
    double AverageTokensPerRequest,
    IReadOnlyDictionary<string, ModelTokensReply> ModelBreakdown,
    long CurrentRemaining)
{
    internal static TokenStatsReply Of(TokenStats stats) => new(
        stats.Days,
        stats.Tokens,
        stats.Requests,
        stats.Requests == 0 ? 0 : Math.Round((double)stats.Tokens / stats.Requests, 2),
        stats.Models.ToDictionary(model => model.Model, model => new ModelTokensReply(model.Tokens, model.Requests)),
        stats.Remaining);
}

/// <summary>What a model took.</summary>
/// <param name="Tokens" example="500">Tokens.</param>
/// <param name="Requests" example="1">Calls.</param>
public sealed record ModelTokensReply(long Tokens, long Requests);

/// <summary>Tokens that are set aside.</summary>
/// <param name="Success" example="true">Always <c>true</c>.</param>
/// <param name="Reserved" example="500">How many.</param>
/// <param name="Remaining" example="9500">How many more can be reserved or consumed.</param>
/// <param name="Message" example="Tokens reserved successfully">Always the same.</param>
public sealed record TokenReservationReply(bool Success, long Reserved, long Remaining, string Message)
{
    internal static TokenReservationReply Of(TokenReservation reservation) =>
        new(true, reservation.Reserved, reservation.Remaining, "Tokens reserved successfully");
}

/// <summary>Tokens that were taken.</summary>
/// <param name="Success" example="true">Always <c>true</c>.</param>
/// <param name="Consumed" example="500">How many.</param>
/// <param name="Remaining" example="9500">How many can still be consumed.</param>
/// <param name="TotalUsed" example="500">How many were consumed this month.</param>
public sealed record TokenConsumptionReply(bool Success, long Consumed, long Remaining, long TotalUsed)
{
    internal static TokenConsumptionReply Of(TokenConsumption consumption) =>
        new(true, consumption.Consumed, consumption.Remaining, consumption.TotalUsed);
}
