using AiPlatform.Application.Gateway;
using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Gateway;

/// <summary>Shows administrators who serves the models.</summary>
[ErrorShape(ErrorShape.AiFramework)]
public sealed class ProvidersController(IMediator mediator) : ControllerBase
{
    /// <summary>
    /// Lists the providers by name: the configured ones, with what their calls of the last five minutes show, and those that only lack
    /// a key. The counts are those of the process that answers.
    /// </summary>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The providers.</response>
    [HttpGet("/admin/providers")]
    [RouteKey("gateway.list-providers")]
    [Sends<ListProvidersQuery>]
    [UnexpectedError("Error retrieving providers")]
    [ProducesResponseType<ProvidersReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> List(CancellationToken cancellationToken)
    {
        var providers = await mediator.Send(new ListProvidersQuery(), cancellationToken);
        return Ok(new ProvidersReply([.. providers.Select(ProviderReply.Of)], providers.Count));
    }
}

/// <summary>The providers.</summary>
/// <param name="Providers">The providers, by name.</param>
/// <param name="Count">How many there are.</param>
public sealed record ProvidersReply(IReadOnlyList<ProviderReply> Providers, int Count);

/// <summary>A provider.</summary>
/// <param name="Name" example="OpenAI">The name of its section in the configuration.</param>
/// <param name="Kind" example="OpenAI">How it is spoken to: <c>OpenAI</c>, <c>AzureOpenAI</c>, <c>Anthropic</c> or <c>Sandbox</c>.</param>
/// <param name="EndpointHost" example="api.openai.com">The host that is called; <c>null</c> for the Sandbox and where none is configured.</param>
/// <param name="Configured">Whether it can be called.</param>
/// <param name="Health">How it is; <c>null</c> where it cannot be called, and for the Sandbox.</param>
public sealed record ProviderReply(string Name, string Kind, string? EndpointHost, bool Configured, ProviderHealthReply? Health)
{
    internal static ProviderReply Of(ProviderStatus provider) => new(
        provider.Name,
        provider.Kind,
        provider.EndpointHost,
        provider.IsConfigured,
        provider.Health is { } health ? ProviderHealthReply.Of(health) : null);
}

/// <summary>What the calls of the last five minutes show of a provider. A call counts once, when it ends, retries or not.</summary>
/// <param name="Status" example="healthy"><c>healthy</c>, <c>degraded</c>, <c>unhealthy</c> or <c>idle</c>.</param>
/// <param name="InFlight">Calls that have not ended, those that wait for their turn included.</param>
/// <param name="Calls">Calls that ended.</param>
/// <param name="Abandoned">Calls whose caller left.</param>
/// <param name="Failures">Calls that failed, by cause.</param>
/// <param name="LastSuccess" example="2025-03-05T12:00:00.123456Z">When a call last succeeded, UTC; <c>null</c> for never.</param>
/// <param name="LastFailure" example="2025-03-05T12:00:00.123456Z">When a call last failed, UTC; <c>null</c> for never.</param>
/// <param name="MedianFirstByteMs" example="412">Median milliseconds to an answer's first byte, to within a tenth; <c>null</c> without one.</param>
/// <param name="Circuits">The routes that were called in the last ten minutes, 1,000 of all providers at most.</param>
public sealed record ProviderHealthReply(
    string Status,
    int InFlight,
    int Calls,
    int Abandoned,
    ProviderFailuresReply Failures,
    string? LastSuccess,
    string? LastFailure,
    double? MedianFirstByteMs,
    IReadOnlyList<CircuitReply> Circuits)
{
    internal static ProviderHealthReply Of(ProviderHealth health) => new(
        health.State switch
        {
            ProviderState.Healthy => "healthy",
            ProviderState.Degraded => "degraded",
            ProviderState.Unhealthy => "unhealthy",
            _ => "idle",
        },
        health.InFlight,
        health.Calls,
        health.Abandoned,
        ProviderFailuresReply.Of(health.Failures),
        UtcText.Of(health.LastSuccess),
        UtcText.Of(health.LastFailure),
        health.MedianFirstByte is { } median ? Math.Round(median.TotalMilliseconds, 1) : null,
        [.. health.Circuits.Select(CircuitReply.Of)]);
}

/// <summary>Calls that failed, by cause.</summary>
/// <param name="NotSent">The route's circuit was open, or the provider had as many calls as <c>MaxConcurrency</c> lets it have.</param>
/// <param name="Refused">No connection.</param>
/// <param name="TimedOut">No answer, or no more of it, in time.</param>
/// <param name="Broken">The connection or the answer broke off.</param>
/// <param name="Unauthorized">401 or 403: the provider does not accept its key.</param>
/// <param name="Throttled">429.</param>
/// <param name="ClientError">Any other status from 300 to 499 but 408: the request was wrong. Says nothing of the provider's health.</param>
/// <param name="ServerError">408, and 500 and above.</param>
public sealed record ProviderFailuresReply(
    int NotSent, int Refused, int TimedOut, int Broken, int Unauthorized, int Throttled, int ClientError, int ServerError)
{
    internal static ProviderFailuresReply Of(ProviderFailures failures) => new(
        failures.NotSent,
        failures.Refused,
        failures.TimedOut,
        failures.Broken,
        failures.Unauthorized,
        failures.Throttled,
        failures.ClientError,
        failures.ServerError);
}

/// <summary>The circuit of a route.</summary>
/// <param name="Model" example="gpt-4o">The model as the provider names it.</param>
/// <param name="State" example="closed"><c>closed</c> where calls go through, <c>open</c> where they do not for now, <c>half_open</c> while one tries.</param>
public sealed record CircuitReply(string Model, string State)
{
    internal static CircuitReply Of(RouteCircuit circuit) => new(circuit.UpstreamModel, circuit.Position switch
    {
        CircuitPosition.Closed => "closed",
        CircuitPosition.Open => "open",
        _ => "half_open",
    });
}
