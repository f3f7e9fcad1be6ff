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

/// <summary>OpenAI's API (https://platform.openai.com/docs/api-reference): any client of it works with its base URL changed to <c>/v1</c>.</summary>
[ErrorShape(ErrorShape.OpenAI)]
[ErrorWords("body_required", RelayResults.NoBody)]
[JsonBodyBounds(RelayResults.MaxBodyBytes, RelayResults.MaxBodyDepth)]
public sealed class OpenAIController(IMediator mediator) : ControllerBase
{
    private const string Failed = "The request could not be completed. Try again, or give your administrator the request's id";

    /// <summary>Completes a chat.</summary>
    /// <param name="command">OpenAI's request; fields that are not listed here reach the provider as they are.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">OpenAI's answer, or, with <c>stream</c>, its events.</response>
    [HttpPost("/v1/chat/completions")]
    [BodyExample("""{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Name three rivers of Africa."}],"max_tokens":100}""")]
    [RouteKey(MeteredRoutes.ChatCompletions)]
    [UnexpectedError(Failed)]
    [ProducesResponseType(StatusCodes.Status200OK)]
    public Task<IActionResult> Chat([JsonBody] RelayCommand command, CancellationToken cancellationToken) =>
        RelayAsync(RelayedOperation.ChatCompletions, command, cancellationToken);

    /// <summary>Goes on with a text.</summary>
    /// <param name="command">OpenAI's request; fields that are not listed here reach the provider as they are.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">OpenAI's answer, or, with <c>stream</c>, its events.</response>
    [HttpPost("/v1/completions")]
    [BodyExample("""{"model":"gpt-4o-mini","prompt":"The longest river of Africa is","max_tokens":16}""")]
    [RouteKey(MeteredRoutes.Completions)]
    [UnexpectedError(Failed)]
    [ProducesResponseType(StatusCodes.Status200OK)]
    public Task<IActionResult> Complete([JsonBody] RelayCommand command, CancellationToken cancellationToken) =>
        RelayAsync(RelayedOperation.Completions, command, cancellationToken);

    /// <summary>Turns texts into vectors.</summary>
    /// <param name="command">OpenAI's request; fields that are not listed here reach the provider as they are.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">OpenAI's answer.</response>
    [HttpPost("/v1/embeddings")]
    [BodyExample("""{"model":"text-embedding-3-small","input":["Rivers of Africa"]}""")]
    [RouteKey(MeteredRoutes.Embeddings)]
    [UnexpectedError(Failed)]
    [ProducesResponseType(StatusCodes.Status200OK)]
    public Task<IActionResult> Embed([JsonBody] RelayCommand command, CancellationToken cancellationToken) =>
        RelayAsync(RelayedOperation.Embeddings, command, cancellationToken);

    /// <summary>Makes images from a text.</summary>
    /// <param name="command">OpenAI's request; fields that are not listed here reach the provider as they are.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">OpenAI's answer.</response>
    [HttpPost("/v1/images/generations")]
    [BodyExample("""{"model":"dall-e-3","prompt":"The Nile from above","n":1,"size":"1024x1024","quality":"standard"}""")]
    [RouteKey(MeteredRoutes.ImageGenerations)]
    [UnexpectedError(Failed)]
    [ProducesResponseType(StatusCodes.Status200OK)]
    public Task<IActionResult> Images([JsonBody] RelayCommand command, CancellationToken cancellationToken) =>
        RelayAsync(RelayedOperation.ImageGenerations, command, cancellationToken);

    /// <summary>Completes a chat in the form of the Responses API.</summary>
    /// <param name="command">OpenAI's request; fields that are not listed here reach the provider as they are.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">OpenAI's answer, or, with <c>stream</c>, its events.</response>
    [HttpPost("/v1/responses")]
    [BodyExample("""{"model":"gpt-4o-mini","input":"Name three rivers of Africa.","max_output_tokens":100}""")]
    [RouteKey(MeteredRoutes.Responses)]
    [UnexpectedError(Failed)]
    [ProducesResponseType(StatusCodes.Status200OK)]
    public Task<IActionResult> Respond([JsonBody] RelayCommand command, CancellationToken cancellationToken) =>
        RelayAsync(RelayedOperation.Responses, command, cancellationToken);

    /// <summary>Lists the models that can be called now.</summary>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The models, by name.</response>
    [HttpGet("/v1/models")]
    [RouteKey("v1.models")]
    [Sends<ListServedModelsQuery>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<ModelsReply>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Models(CancellationToken cancellationToken)
    {
        var models = await mediator.Send(new ListServedModelsQuery(), cancellationToken);
        return Ok(new ModelsReply([.. models.Select(ModelReplyItem.Of)]));
    }

    /// <summary>Shows a model.</summary>
    /// <param name="model">Its public name.</param>
    /// <param name="cancellationToken">The caller left.</param>
    /// <response code="200">The model.</response>
    [HttpGet("/v1/models/{**model}")]
    [RouteKey("v1.model")]
    [Sends<GetServedModelQuery>]
    [UnexpectedError(Failed)]
    [ProducesResponseType<ModelReplyItem>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Model([FromRoute] string model, CancellationToken cancellationToken) =>
        Ok(ModelReplyItem.Of(await mediator.Send(new GetServedModelQuery(model), cancellationToken)));

    private async Task<IActionResult> RelayAsync(RelayedOperation operation, RelayCommand command, CancellationToken cancellationToken) =>
        new RelayResult(await mediator.Send(command with { Operation = operation, Caching = RelayResults.CachingOf(Request) }, cancellationToken));
}
