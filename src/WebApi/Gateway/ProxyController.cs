using AiPlatform.Application.Gateway;
using AiPlatform.Application.Gateway.Contracts;
using AiPlatform.Application.Gateway.Relay;
using AiPlatform.Application.Operations;
using AiPlatform.WebApi.Shared;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Gateway;

/// <summary>The hosts that offer models of many vendors (seed 003): OpenRouter, Glama, Requesty, AIML and A4F.</summary>
[ErrorShape(ErrorShape.FastApi)]
[BearerWords]
[JsonBodyBounds(RelayResults.MaxBodyBytes, RelayResults.MaxBodyDepth)]
public sealed class ProxyController(IMediator mediator) : ControllerBase
{
    private const string Failed = "The request could not be completed";

    private static readonly string[] Operations = ["chat_completion", "text_completion", "embeddings", "list_models"];

    /// <summary>Completes a chat.</summary>
    /// <param name="command">OpenAI's request, and <c>provider</c>.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The host's answer with <c>_usage_info</c>, or, with <c>stream</c>, its events.</response>
    [HttpPost("/llm/chat/completions")]
    [HttpPost("/llm/chat")]
    [RouteKey(MeteredRoutes.ProxyChat)]
    [BodyExample("""{"provider":"openrouter","model":"openai/gpt-4o-mini","messages":[{"role":"user","content":"Hello"}],"max_tokens":100}""")]
    [UnexpectedError(Failed)]
    [ProducesResponseType(StatusCodes.Status200OK)]
    public Task<IActionResult> Chat([JsonBody] ProxyModelCommand command, CancellationToken cancellationToken) =>
        AskAsync(RelayedOperation.ChatCompletions, command, cancellationToken);

    /// <summary>Goes on with a text.</summary>
    /// <param name="command">OpenAI's request, and <c>provider</c>.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The host's answer with <c>_usage_info</c>, or, with <c>stream</c>, its events.</response>
    [HttpPost("/llm/completions")]
    [RouteKey(MeteredRoutes.ProxyCompletions)]
    [BodyExample("""{"provider":"openrouter","model":"openai/gpt-4o-mini","prompt":"The longest river is","max_tokens":16}""")]
    [UnexpectedError(Failed)]
    [ProducesResponseType(StatusCodes.Status200OK)]
    public Task<IActionResult> Complete([JsonBody] ProxyModelCommand command, CancellationToken cancellationToken) =>
        AskAsync(RelayedOperation.Completions, command, cancellationToken);

    /// <summary>Turns texts into vectors.</summary>
    /// <param name="command">OpenAI's request, and <c>provider</c>.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The host's answer with <c>_usage_info</c>.</response>
    [HttpPost("/llm/embeddings")]
    [RouteKey(MeteredRoutes.ProxyEmbeddings)]
    [BodyExample("""{"provider":"openrouter","model":"openai/text-embedding-3-small","input":["Rivers of Africa"]}""")]
    [UnexpectedError(Failed)]
    [ProducesResponseType(StatusCodes.Status200OK)]
    public Task<IActionResult> Embed([JsonBody] ProxyModelCommand command, CancellationToken cancellationToken) =>
        AskAsync(RelayedOperation.Embeddings, command, cancellationToken);

    /// <summary>Lists the models of the hosts, as they told within the last minute.</summary>
    /// <param name="provider">Only those of one host.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The models, and how each host answered.</response>
    [HttpGet("/llm/models")]
    [RouteKey("llm.models")]
    [Sends<ListProxyModelsQuery>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<ProxyModelsReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Models([FromQuery(Name = "provider")] string? provider, CancellationToken cancellationToken) =>
        Ok(ProxyModelsReply.Of(await mediator.Send(new ListProxyModelsQuery(QueryText.Text(provider)), cancellationToken)));

    /// <summary>Lists the hosts that can be named.</summary>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The hosts.</response>
    [HttpGet("/llm/providers")]
    [RouteKey("llm.providers")]
    [Sends<ListProxyHostsQuery>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<ProxyProvidersReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Providers(CancellationToken cancellationToken)
    {
        var hosts = await mediator.Send(new ListProxyHostsQuery(), cancellationToken);
        return Ok(new ProxyProvidersReply(hosts.Names, "All providers initialized", Operations));
    }

    /// <summary>Tells that the proxy serves the caller.</summary>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">It does.</response>
    [HttpGet("/llm/health")]
    [RouteKey("llm.health")]
    [Sends<ListProxyHostsQuery>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<ProxyHealthReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Health(CancellationToken cancellationToken)
    {
        var hosts = await mediator.Send(new ListProxyHostsQuery(), cancellationToken);
        return Ok(new ProxyHealthReply("healthy", hosts.UserId, hosts.Names, UtcText.Of(hosts.Now)));
    }

    private async Task<IActionResult> AskAsync(RelayedOperation operation, ProxyModelCommand command, CancellationToken cancellationToken) =>
        new ProxyResult(await mediator.Send(command with { Operation = operation }, cancellationToken));
}

/// <summary>The models of the hosts.</summary>
/// <param name="Models">The models.</param>
/// <param name="ProviderStatus">How each host answered: <c>available</c>, <c>timeout</c>, <c>error</c> or <c>not configured</c>.</param>
/// <param name="TotalModels" example="1">How many models there are.</param>
public sealed record ProxyModelsReply(
    IReadOnlyList<ProxiedModelReply> Models, IReadOnlyDictionary<string, string> ProviderStatus, int TotalModels)
{
    internal static ProxyModelsReply Of(IReadOnlyList<HostModels> hosts)
    {
        ProxiedModelReply[] models = [.. hosts.SelectMany(host => host.Models.Select(id => new ProxiedModelReply(id, NameOf(host))))];
        return new ProxyModelsReply(models, hosts.ToDictionary(NameOf, host => Word(host.State)), models.Length);
    }

    private static string NameOf(HostModels host) => host.Provider.ToLowerInvariant();

    private static string Word(HostState state) => state is HostState.NotConfigured ? "not configured" : state.ToString().ToLowerInvariant();
}

/// <summary>A model of a host.</summary>
/// <param name="Id" example="openai/gpt-4o-mini">The model as its host names it.</param>
/// <param name="Provider" example="openrouter">The host.</param>
public sealed record ProxiedModelReply(string Id, string Provider);

/// <summary>The hosts that can be named.</summary>
/// <param name="Providers">Their names.</param>
/// <param name="Status" example="All providers initialized">Always the same.</param>
/// <param name="SupportedOperations">What they are asked for.</param>
public sealed record ProxyProvidersReply(IReadOnlyList<string> Providers, string Status, IReadOnlyList<string> SupportedOperations);

/// <summary>That the proxy serves the caller.</summary>
/// <param name="Status" example="healthy">Always <c>healthy</c>.</param>
/// <param name="UserId">Who asks.</param>
/// <param name="Providers">The hosts that can be named.</param>
/// <param name="Timestamp" example="2026-01-01T00:00:00Z">The time of the answer, UTC.</param>
public sealed record ProxyHealthReply(string Status, Guid UserId, IReadOnlyList<string> Providers, string Timestamp);
