using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using AiPlatform.Application.Metering;
using AiPlatform.Domain.Metering;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Swashbuckle.AspNetCore.Annotations;

namespace AiPlatform.WebApi.Metering;

/// <summary>Sums who used what and what it cost, as JSON or, with <c>Accept: text/csv</c> or <c>format=csv</c>, as CSV (RFC 4180).</summary>
[ErrorShape(ErrorShape.AiFramework)]
public sealed class UsageController(IMediator mediator) : ControllerBase
{
    private const string Failed = "Error retrieving usage";

    /// <summary>Sums the caller's own usage of models.</summary>
    /// <param name="filter">Which usage, and what it is summed by.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The sums.</response>
    [HttpGet("/usage")]
    [RouteKey("metering.get-own-usage")]
    [Sends<GetOwnUsageQuery>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<UsageReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Own([FromQuery] UsageFilter filter, CancellationToken cancellationToken) =>
        Answer(filter, await mediator.Send(filter.Into(new GetOwnUsageQuery()), cancellationToken));

    /// <summary>Sums the usage of models of everybody, of one person, or of a team as it is now.</summary>
    /// <param name="filter">Which usage, and what it is summed by.</param>
    /// <param name="userId">Only calls of this user.</param>
    /// <param name="teamId">Only calls of those who belong to this team now.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The sums.</response>
    [HttpGet("/admin/usage")]
    [RouteKey("metering.get-usage")]
    [Sends<GetUsageQuery>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<UsageReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> All(
        [FromQuery] UsageFilter filter,
        [FromQuery(Name = "user_id")] string? userId,
        [FromQuery(Name = "team_id")] string? teamId,
        CancellationToken cancellationToken)
    {
        var query = filter.Into(new GetUsageQuery()) with { UserId = QueryText.Uuid(userId), TeamId = QueryText.Uuid(teamId) };
        return Answer(filter, await mediator.Send(query, cancellationToken));
    }

    private ActionResult Answer(UsageFilter filter, UsageSummary summary) =>
        (string.IsNullOrEmpty(filter.Format)
            ? Request.Headers.Accept.ToString().Contains("text/csv", StringComparison.OrdinalIgnoreCase)
            : filter.Format is "csv")
            ? Content(UsageCsv.Write(summary), "text/csv; charset=utf-8; header=present")
            : Ok(UsageReply.Of(summary));
}

/// <summary>Which usage, and what it is summed by.</summary>
public sealed record UsageFilter
{
    /// <summary>Only calls at this time or later: ISO 8601, UTC where it names no offset; 30 days before <c>to</c> by default.</summary>
    [FromQuery(Name = "from")]
    [SwaggerSchema(Format = "date-time")]
    public string? From { get; init; }

    /// <summary>Only calls before this time; now by default.</summary>
    [FromQuery(Name = "to")]
    [SwaggerSchema(Format = "date-time")]
    public string? To { get; init; }

    /// <summary>Only calls to this model.</summary>
    [FromQuery(Name = "model")]
    [MaxLength(UsageRecord.MaxNameLength)]
    public string? Model { get; init; }

    /// <summary>Only calls with this API key.</summary>
    [FromQuery(Name = "api_key_id")]
    [SwaggerSchema(Format = "uuid")]
    public string? ApiKeyId { get; init; }

    /// <summary>What it is summed by: some of <c>user</c>, <c>team</c>, <c>key</c>, <c>model</c>, <c>provider</c>, <c>route</c>, <c>day</c> (of UTC), separated by commas.</summary>
    [FromQuery(Name = "group_by")]
    public string? GroupBy { get; init; }

    /// <summary><c>json</c> or <c>csv</c>.</summary>
    [FromQuery(Name = "format")]
    [AllowedValues("json", "csv")]
    public string? Format { get; init; }

    internal T Into<T>(T question)
        where T : UsageQuestion => question with
        {
            From = QueryText.Instant(From),
            To = QueryText.Instant(To),
            Model = QueryText.Text(Model),
            ApiKeyId = QueryText.Uuid(ApiKeyId),
            GroupBy = QueryText.Text(GroupBy),
            Format = QueryText.Parsed(Format, LedgerNames.Find<UsageFormat>),
        };
}

/// <summary>Usage, summed.</summary>
/// <param name="From" example="2025-03-01T00:00:00.000000Z">From when, UTC.</param>
/// <param name="To" example="2025-04-01T00:00:00.000000Z">Until when, UTC.</param>
/// <param name="Usage">The sums, by day and then by the number of calls.</param>
public sealed record UsageReply(string From, string To, IReadOnlyList<UsageRowReply> Usage)
{
    internal static UsageReply Of(UsageSummary summary) =>
        new(UtcText.Of(summary.From), UtcText.Of(summary.To), [.. summary.Sums.Select(UsageRowReply.Of)]);
}

/// <summary>One sum. A field that it is not summed by is <c>null</c>.</summary>
public sealed record UsageRowReply
{
    /// <summary>Who called.</summary>
    public required Guid? UserId { get; init; }

    /// <summary>The team of those who called.</summary>
    public required Guid? TeamId { get; init; }

    /// <summary>The API key.</summary>
    public required Guid? ApiKeyId { get; init; }

    /// <summary>The model.</summary>
    /// <example>gpt-4o-mini</example>
    public required string? Model { get; init; }

    /// <summary>The provider.</summary>
    /// <example>OpenAI</example>
    public required string? Provider { get; init; }

    /// <summary>The route.</summary>
    public required string? RouteKey { get; init; }

    /// <summary>The day of UTC.</summary>
    /// <example>2025-03-05</example>
    public required DateOnly? Day { get; init; }

    /// <summary>Calls that were answered and charged.</summary>
    /// <example>12</example>
    public required long Calls { get; init; }

    /// <summary>Tokens of the prompts, cached ones included.</summary>
    /// <example>1500</example>
    public required long PromptTokens { get; init; }

    /// <summary>Tokens of the prompts that the providers had cached.</summary>
    /// <example>0</example>
    public required long CachedTokens { get; init; }

    /// <summary>Tokens of the answers.</summary>
    /// <example>840</example>
    public required long CompletionTokens { get; init; }

    /// <summary>Images made.</summary>
    /// <example>0</example>
    public required long Images { get; init; }

    /// <summary>Credits paid, to a thousandth.</summary>
    /// <example>12</example>
    public required decimal Credits { get; init; }

    /// <summary>US dollars that wallets paid, to the nano-dollar.</summary>
    /// <example>0.00152</example>
    public required decimal WalletUsd { get; init; }

    /// <summary>US dollars that key budgets paid, to the nano-dollar.</summary>
    /// <example>0</example>
    public required decimal KeyBudgetUsd { get; init; }

    /// <summary>US dollars that team budgets paid, to the nano-dollar.</summary>
    /// <example>0</example>
    public required decimal TeamBudgetUsd { get; init; }

    /// <summary>Tokens that plans paid.</summary>
    /// <example>0</example>
    public required long PlanTokens { get; init; }

    internal static UsageRowReply Of(UsageSum sum) => new()
    {
        UserId = sum.UserId,
        TeamId = sum.TeamId,
        ApiKeyId = sum.ApiKeyId,
        Model = sum.Model,
        Provider = sum.Provider,
        RouteKey = sum.RouteKey,
        Day = sum.Day,
        Calls = sum.Calls,
        PromptTokens = sum.PromptTokens,
        CachedTokens = sum.CachedTokens,
        CompletionTokens = sum.AnswerTokens,
        Images = sum.Images,
        Credits = (decimal)sum.Credits / MeterUnits.PerCredit,
        WalletUsd = (decimal)sum.Wallet / MeterUnits.PerDollar,
        KeyBudgetUsd = (decimal)sum.KeyBudget / MeterUnits.PerDollar,
        TeamBudgetUsd = (decimal)sum.TeamBudget / MeterUnits.PerDollar,
        PlanTokens = sum.PlanTokens,
    };
}

/// <summary>Usage as a table (RFC 4180).</summary>
internal static class UsageCsv
{
    private static readonly (string Name, Func<UsageRowReply, object?> Value)[] Columns =
    [
        ("user_id", row => row.UserId), ("team_id", row => row.TeamId), ("api_key_id", row => row.ApiKeyId), ("model", row => row.Model),
        ("provider", row => row.Provider), ("route_key", row => row.RouteKey), ("day", row => row.Day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        ("calls", row => row.Calls), ("prompt_tokens", row => row.PromptTokens), ("cached_tokens", row => row.CachedTokens),
        ("completion_tokens", row => row.CompletionTokens), ("images", row => row.Images), ("credits", row => row.Credits),
        ("wallet_usd", row => row.WalletUsd), ("key_budget_usd", row => row.KeyBudgetUsd), ("team_budget_usd", row => row.TeamBudgetUsd),
        ("plan_tokens", row => row.PlanTokens),
    ];

    public static string Write(UsageSummary summary)
    {
        var text = new StringBuilder().AppendJoin(',', Columns.Select(column => column.Name)).Append("\r\n");
        foreach (var row in summary.Sums.Select(UsageRowReply.Of))
        {
            text.AppendJoin(',', Columns.Select(column => Field(column.Value(row)))).Append("\r\n");
        }

        return text.ToString();
    }

    /// <summary>A field; one that a spreadsheet would take for a formula begins with an apostrophe.</summary>
    private static string Field(object? value)
    {
        var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty;
        text = text is ['=' or '+' or '-' or '@', ..] && value is string ? $"'{text}" : text;
        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
