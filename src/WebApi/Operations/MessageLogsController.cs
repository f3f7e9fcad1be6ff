using System.Text.Json.Nodes;
using AiPlatform.Application.Operations;
using AiPlatform.Domain.Operations;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Operations;

/// <summary>Logged conversations, and reports of them (seed 004).</summary>
[ErrorShape(ErrorShape.FastApi)]
public sealed class MessageLogsController(IMediator mediator) : ControllerBase
{
    private const string Failed = "The request could not be completed";
    private const string InvalidKey = "Invalid API key";
    private const string Unauthenticated = "Invalid authentication credentials";

    /// <summary>Logs a conversation that took place elsewhere; it costs nothing.</summary>
    /// <param name="command">What is asked.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">It is stored.</response>
    [HttpPost("/api/v1/auth/log-message")]
    [BodyExample("""{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello"}],"research_model":false}""")]
    [RouteKey("operations.log-message")]
    [UnauthenticatedWords(InvalidKey)]
    [UnexpectedError(Failed)]
    [ProducesResponseType<LoggedReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Log([JsonBody] LogMessageCommand command, CancellationToken cancellationToken)
    {
        await mediator.Send(command, cancellationToken);
        return Ok(new LoggedReply("Message logged successfully"));
    }

    /// <summary>Shows the reports of the last days, newest first.</summary>
    /// <param name="days">How many days, 1 to 365; 7 by default.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The reports; a day is reported at 01:00 of the next.</response>
    [HttpGet("/api/v1/admin/usage")]
    [RouteKey("operations.get-usage-reports")]
    [Sends<GetUsageReportsQuery>]
    [UnauthenticatedWords(Unauthenticated)]
    [UnexpectedError(Failed)]
    [ProducesResponseType<IReadOnlyList<UsageReportReply>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Usage([FromQuery] string? days, CancellationToken cancellationToken) =>
        Ok((await mediator.Send(new GetUsageReportsQuery(QueryText.Integer(days)), cancellationToken)).Select(UsageReportReply.Of).ToList());

    /// <summary>Says what this is, and which routes there are.</summary>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">What it is.</response>
    [HttpGet("/api/v1/info")]
    [RouteKey("operations.get-info")]
    [Sends<GetInfoQuery>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<PlatformInfo>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Info(CancellationToken cancellationToken) =>
        Ok(await mediator.Send(new GetInfoQuery(), cancellationToken));
}

/// <summary>What was done.</summary>
/// <param name="Message" example="Message logged successfully">Always the same.</param>
public sealed record LoggedReply(string Message);

/// <summary>What was reported of a day.</summary>
/// <param name="Day" example="2024-01-01">The day, by the platform's calendar.</param>
/// <param name="ActiveUsers" example="3">People who logged a message.</param>
/// <param name="ByModel">Logged messages by model.</param>
public sealed record UsageReportReply(DateOnly Day, int ActiveUsers, IReadOnlyDictionary<string, long> ByModel)
{
    internal static UsageReportReply Of(UsageReport report) => new(
        report.Day,
        report.ActiveUsers,
        JsonNode.Parse(report.ByModel)!.AsObject().ToDictionary(model => model.Key, model => model.Value!.GetValue<long>()));
}
