using AiPlatform.Application.Gateway;
using AiPlatform.Application.Gateway.Relay;
using AiPlatform.Application.Operations;
using AiPlatform.WebApi.Shared.Calls;
using AiPlatform.WebApi.Shared.Errors;
using AiPlatform.WebApi.Shared.Json;
using AiPlatform.WebApi.Shared.Swagger;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.WebApi.Gateway;

/// <summary>Anthropic's Messages API (https://docs.anthropic.com/en/api/messages): any client of it works with its base URL changed to this server.</summary>
[ErrorShape(ErrorShape.Anthropic)]
[ErrorWords("body_required", RelayResults.NoBody)]
[JsonBodyBounds(RelayResults.MaxBodyBytes, RelayResults.MaxBodyDepth)]
public sealed class AnthropicController(IMediator mediator) : ControllerBase
{
    private static readonly string[] PassedOn = ["anthropic-version", "anthropic-beta"];

    /// <summary>Completes a chat, with any chat model, in Anthropic's form.</summary>
    /// <param name="command">Anthropic's request; fields that are not listed here reach an Anthropic model as they are.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">Anthropic's answer, or, with <c>stream</c>, its events.</response>
    [HttpPost("/v1/messages")]
    [BodyExample("""{"model":"gpt-4o-mini","max_tokens":100,"messages":[{"role":"user","content":"Name three rivers of Africa."}]}""")]
    [RouteKey(MeteredRoutes.Messages)]
    [UnexpectedError("The request could not be completed. Try again, or give your administrator the request's id")]
    [ProducesResponseType(StatusCodes.Status200OK)]
    public async Task<IActionResult> Messages([JsonBody] RelayCommand command, CancellationToken cancellationToken) =>
        new RelayResult(await mediator.Send(
            command with
            {
                Operation = RelayedOperation.Messages,
                Caching = RelayResults.CachingOf(Request),
                Headers = [.. from name in PassedOn from value in Request.Headers[name] where value is not null select (name, value)],
            },
            cancellationToken));
}
